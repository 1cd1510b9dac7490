import type { TokenCredential } from '@azure/identity';
import { type HttpApi, headersOf, httpApi } from '../http-api.ts';

/** Where Azure Resource Manager is and who we are there. */
export interface ArmPlace {
  readonly url: string;
  /** Audience of the tokens. */
  readonly audience: string;
  readonly credential: TokenCredential;
}

/** Azure Resource Manager. A path carries its own `api-version`, as the documentation of each resource says it. */
export function armClient({ url, audience, credential }: ArmPlace): HttpApi {
  return httpApi({
    name: 'azure',
    url,
    linkName: 'nextLink',
    transport: async (path, { method, body, signal }) => {
      const headers = await headersOf(credential, `${audience}/.default`, body);
      return fetch(`${url}${path}`, { method, body, signal, headers, redirect: 'error' });
    },
  });
}
