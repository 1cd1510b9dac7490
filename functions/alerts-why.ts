import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('alerts-why', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'alerts/{id}/why',
  handler: http(quell.parts, 'read', async (request) => (await quell.whole()).why(request)),
});
