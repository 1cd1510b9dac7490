import { app } from '@azure/functions';
import { http } from '../shared/edge.ts';
import { quell } from './quell.ts';

/** The ledger and its seals, page by page: what `quell verify` is offline on. */
app.http('export-read', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'export',
  handler: http(quell.parts, 'read', async (request) => (await quell.whole()).readExport(request)),
});
