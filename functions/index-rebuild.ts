import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** One step of building everything derived again; asked for until it is done. */
app.http('index-rebuild', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'index/rebuild',
  handler: http(quell.parts, 'administer', async () => (await quell.whole()).rebuild()),
});
