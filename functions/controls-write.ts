import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('controls-write', {
  methods: ['PUT'],
  authLevel: 'anonymous',
  route: 'controls',
  handler: http(quell.parts, 'stop', async (request, caller) => (await quell.whole()).setControl(request, caller)),
});
