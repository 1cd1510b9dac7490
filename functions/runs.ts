import { app } from '@azure/functions';
import { causeOf, queue } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** Runs with something to do. A session is an identity, so two runs never change the same one at the same time. */
app.serviceBusQueue('runs', {
  connection: 'SERVICEBUS',
  queueName: 'runs',
  isSessionsEnabled: true,
  cardinality: 'one',
  handler: (message, context) =>
    queue(quell.parts, context, async () => (await quell.whole()).runMessage(message, causeOf(context))),
});
