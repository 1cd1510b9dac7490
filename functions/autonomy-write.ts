import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('autonomy-write', {
  methods: ['PUT'],
  authLevel: 'anonymous',
  route: 'autonomy',
  handler: http(quell.parts, 'administer', (request, caller) => quell.setAutonomy(request, caller)),
});
