import { app } from '@azure/functions';
import { timer } from '../shared/edge.ts';
import { tick } from '../shared/engine/tick.ts';
import { quell } from './quell.ts';

/** Finds what is due and what lost its message. */
app.timer('tick', {
  schedule: '%TICK_SCHEDULE%',
  handler: timer(quell.parts, () => tick(quell.engine)),
});
