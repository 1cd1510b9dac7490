import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('ingest-generic', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'alerts/generic',
  handler: http(quell.parts, (request) => quell.ingest('generic', request)),
});
