import { app } from '@azure/functions';
import { httpOwnDoor } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** Any other source: told what there is. Nothing is kept, since nobody can say who sent it. */
app.http('ingest-unknown', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'alerts/{source}',
  handler: httpOwnDoor(quell.parts, (request) => quell.ingest(request.params.source ?? '', request)),
});
