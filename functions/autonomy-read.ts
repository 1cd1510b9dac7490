import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

app.http('autonomy-read', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'autonomy',
  handler: http(quell.parts, 'read', async () => (await quell.whole()).readAutonomy()),
});
