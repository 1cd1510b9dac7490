import { app } from '@azure/functions';
import { timer } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** Shows what is behind in the channels. */
app.timer('cards', {
  schedule: '%TICK_SCHEDULE%',
  handler: timer(quell.parts, async () => (await quell.whole()).presentDue()),
});
