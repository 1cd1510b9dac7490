import { app } from '@azure/functions';
import { timer } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** Goes along the journals and repairs rows that were lost. */
app.timer('patrol', {
  schedule: '%PATROL_SCHEDULE%',
  handler: timer(quell.parts, async () => (await quell.whole()).patrolJournals()),
});
