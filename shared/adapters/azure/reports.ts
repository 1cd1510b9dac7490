import { text as textOf } from 'node:stream/consumers';
import type { ContainerClient } from '@azure/storage-blob';
import type { ReportStore } from '../../ports-reports.ts';
import { checkReportName } from '../report-name.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';

/** Reports in a blob container: `approvals/2026-W48.html`. No blob is ever written twice. */
export function azureReports(container: ContainerClient): ReportStore {
  const ready = firstUse(() => storageCall('Creating the reports', (options) => container.createIfNotExists(options)));
  return {
    put: async (name, text, contentType) => {
      checkReportName(name);
      await ready();
      const bytes = Buffer.from(text);
      const put = await storageCall(`Keeping report ${name}`, (options) =>
        container
          .getBlockBlobClient(name)
          .upload(bytes, bytes.length, {
            ...options,
            conditions: { ifNoneMatch: '*' },
            blobHTTPHeaders: { blobContentType: contentType },
          })
          .catch(nullOn('BlobAlreadyExists')),
      );
      return put !== null;
    },
    get: async (name) => {
      checkReportName(name);
      await ready();
      return storageCall(`Fetching report ${name}`, async (options) => {
        const answer = await container
          .getBlockBlobClient(name)
          .download(0, undefined, options)
          .catch(nullOn('BlobNotFound'));
        return answer?.readableStreamBody ? textOf(answer.readableStreamBody) : null;
      });
    },
  };
}
