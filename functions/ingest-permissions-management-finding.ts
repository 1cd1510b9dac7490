import { app } from '@azure/functions';
import { httpOwnDoor } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('ingest-permissions-management-finding', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'alerts/permissions-management-finding',
  handler: httpOwnDoor(quell.parts, (request) => quell.ingest('permissions-management-finding', request)),
});
