import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('runs-undo', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'runs/{id}/undo',
  handler: http(
    quell.parts,
    'undo',
    async (request, caller) => (await quell.whole()).undo(request, caller),
    async (...turned) => (await quell.whole()).turnedAway('undo')(...turned),
  ),
});
