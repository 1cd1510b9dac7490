import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** Deciding again, asking what if, and letting go on: what may be redriven, and by whom, is checked inside. */
app.http('replay', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'replay',
  handler: http(quell.parts, 'replay', async (request, caller) => (await quell.whole()).replay(request, caller)),
});
