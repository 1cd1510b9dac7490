import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('runs-list', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'runs',
  handler: http(quell.parts, 'read', async (request) => (await quell.whole()).listRuns(request)),
});
