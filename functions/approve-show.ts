import { app } from '@azure/functions';
import { httpPage } from '../shared/edge-page.ts';
import { quell } from './quell.ts';

app.http('approve-show', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'approve/{id}',
  handler: httpPage(
    quell.parts,
    async () => (await quell.whole()).page(),
    (page, request) => page.show(request),
  ),
});
