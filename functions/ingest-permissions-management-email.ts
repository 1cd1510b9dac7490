import { app } from '@azure/functions';
import { httpOwnDoor } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('ingest-permissions-management-email', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'alerts/permissions-management-email',
  handler: httpOwnDoor(quell.parts, (request) => quell.ingest('permissions-management-email', request)),
});
