import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('audit-read', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'audit',
  handler: http(quell.parts, 'read', async (request) => (await quell.whole()).readAudit(request)),
});
