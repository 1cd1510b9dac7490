import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** What taking back a selection would come to; nothing is taken back by asking. */
app.http('undo-plans', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'undo-plans',
  handler: http(quell.parts, 'read', async (request) => (await quell.whole()).undoPlans(request)),
});
