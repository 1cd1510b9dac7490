import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('autonomy-write', {
  methods: ['PUT'],
  authLevel: 'anonymous',
  route: 'autonomy',
  handler: http(quell.parts, 'administer', async (request, caller) =>
    (await quell.whole()).setAutonomy(request, caller),
  ),
});
