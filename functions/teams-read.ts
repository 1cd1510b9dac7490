import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('teams-read', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'teams',
  handler: http(quell.parts, 'read', async () => (await quell.whole()).readTeams()),
});
