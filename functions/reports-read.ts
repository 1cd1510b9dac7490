import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('reports-read', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'reports/{name}',
  handler: http(quell.parts, 'read', async (request) => (await quell.whole()).readReport(request)),
});
