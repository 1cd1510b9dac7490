import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('reports-list', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'reports',
  handler: http(quell.parts, 'read', async () => (await quell.whole()).listReports()),
});
