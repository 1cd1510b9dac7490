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
    (request, caller) => quell.decide(request, caller),
    quell.turnedAway('decision'),
  ),
});
