import { app } from '@azure/functions';
import { httpPage } from '../shared/edge-page.ts';
import { quell } from './quell.ts';

app.http('sign-in', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'sign-in',
  handler: httpPage(
    quell.parts,
    async () => (await quell.whole()).page(),
    (page, request) => page.signedIn(request),
  ),
});
