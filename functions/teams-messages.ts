import { app } from '@azure/functions';
import { httpOwnDoor } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** The messaging endpoint of the bot: what the Bot Connector sends is proved by its own token. */
app.http('teams-messages', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'teams/messages',
  handler: httpOwnDoor(quell.parts, async (request) => (await quell.whole()).teamsMessage(request)),
});
