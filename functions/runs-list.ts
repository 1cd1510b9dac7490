import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('runs-list', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'runs',
  handler: http(quell.parts, 'read', (request) => quell.listRuns(request)),
});
