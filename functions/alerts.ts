import { app } from '@azure/functions';
import { causeOf, queue } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** Alerts to answer: our own hints, and CloudEvents from whoever may send to the queue. */
app.serviceBusQueue('alerts', {
  connection: 'SERVICEBUS',
  queueName: 'alerts',
  handler: (message, context) =>
    queue(quell.parts, context, async () => (await quell.whole()).alertMessage(message, causeOf(context))),
});
