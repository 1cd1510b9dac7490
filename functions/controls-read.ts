import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('controls-read', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'controls',
  handler: http(quell.parts, 'read', async () => (await quell.whole()).readControls()),
});
