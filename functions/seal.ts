import { app } from '@azure/functions';
import { timer } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** Enters in the trail and seals what was written since. */
app.timer('seal', {
  schedule: '%SEAL_SCHEDULE%',
  handler: timer(quell.parts, async () => (await quell.whole()).sealWritten()),
});
