import { app } from '@azure/functions';
import { httpOwnDoor } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('ingest-generic', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'alerts/generic',
  handler: httpOwnDoor(quell.parts, (request) => quell.ingest('generic', request)),
});
