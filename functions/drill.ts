import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** Rehearses undoing on the canary identity of the settings, and on nobody else. */
app.http('drill', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'drill',
  handler: http(quell.parts, 'undo', async (_request, caller) => (await quell.whole()).drill(caller)),
});
