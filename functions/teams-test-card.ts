import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('teams-test-card', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'teams/test-card',
  handler: http(quell.parts, 'administer', async (_request, caller) => (await quell.whole()).testCard(caller)),
});
