import type { HttpRequest } from '@azure/functions';
import type { Answer } from './edge.ts';
import type { Custody } from './engine/custody.ts';
import { exportPage } from './engine/export.ts';

/** What the triggers around the ledger ask; the edge has checked who asks. */
export interface CustodyRequests {
  readExport(request: HttpRequest): Promise<Answer>;
}

/** Translates triggers to what keeps the ledger, and back. */
export function custodyRequestsOf(custody: Custody): CustodyRequests {
  return {
    readExport: async (request) => {
      const { lines, next } = await exportPage(custody, request.query.get('after'));
      return { status: 200, body: { lines, next } };
    },
  };
}
