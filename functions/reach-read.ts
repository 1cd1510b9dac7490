import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** How many a claim is true of today: the worst that a playbook could do. */
app.http('reach-read', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'reach',
  handler: http(quell.parts, 'replay', async (request) => (await quell.whole()).readReach(request)),
});
