import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** What was known about every alert when it was answered: to decide it again with other playbooks, anywhere. */
app.http('archive-read', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'archive',
  handler: http(quell.parts, 'replay', async (request) => (await quell.whole()).readArchive(request)),
});
