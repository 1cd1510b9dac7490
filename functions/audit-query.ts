import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** Saved audit queries and those of one's own. */
app.http('audit-query', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'audit/{name}',
  handler: http(quell.parts, 'read', async (request) => (await quell.whole()).queryAudit(request)),
});
