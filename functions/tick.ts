import { app } from '@azure/functions';
import { timer } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** Finds what is due and what lost its message. */
app.timer('tick', {
  schedule: '%TICK_SCHEDULE%',
  handler: timer(quell.parts, async () => (await quell.whole()).tick()),
});
