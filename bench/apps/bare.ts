import { app } from '@azure/functions';

/** The least there is: one function that answers. */
app.http('ingest-generic', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'alerts/generic',
  handler: () => ({ status: 202 }),
});
