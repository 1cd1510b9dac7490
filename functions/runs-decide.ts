import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('runs-decide', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'runs/{id}/decision',
  handler: http(
    quell.parts,
    'decide',
    async (request, caller) => (await quell.whole()).decide(request, caller),
    async (...turned) => (await quell.whole()).turnedAway('decision')(...turned),
  ),
});
