import { app } from '@azure/functions';
import { timer } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** Makes what reports are due. */
app.timer('reports', {
  schedule: '%REPORTS_SCHEDULE%',
  handler: timer(quell.parts, async () => (await quell.whole()).deliverReports()),
});
