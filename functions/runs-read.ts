import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('runs-read', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'runs/{id}',
  handler: http(quell.parts, 'read', async (request) => (await quell.whole()).readRun(request)),
});
