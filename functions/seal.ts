import { app } from '@azure/functions';
import { timer } from '../shared/edge.ts';
import { keepTrail } from '../shared/engine/keep-trail.ts';
import { seal } from '../shared/engine/seal.ts';
import { quell } from './quell.ts';

/** Enters in the trail and seals what was written since. */
app.timer('seal', {
  schedule: '%SEAL_SCHEDULE%',
  handler: timer(quell.parts, async () => {
    await keepTrail(quell.custody);
    await seal(quell.custody);
  }),
});
