import type { TokenCredential } from '@azure/identity';
import { callMs } from '../far-side.ts';
import { type HttpApi, httpApi } from '../http-api.ts';
import type { Limiter } from '../limiter.ts';
import { send } from '../sending.ts';
import { tokenOf } from '../token.ts';

/** Where Azure Resource Manager is and who we are there. */
export interface ArmPlace {
  readonly url: string;
  /** Audience of the tokens. */
  readonly audience: string;
  readonly credential: TokenCredential;
  /** Whose turn it is; shared by everything that goes to the same place with the same identity. */
  readonly limiter?: Limiter;
  /** How long one call may take; set by tests. */
  readonly waitMs?: number;
}

/** Azure Resource Manager. A path carries its own `api-version`, as the documentation of each resource says it. */
export function armClient({ url, audience, credential, limiter, waitMs = callMs }: ArmPlace): HttpApi {
  return httpApi({
    name: 'azure',
    url,
    token: tokenOf(credential, audience, waitMs),
    transport: (path, exchange) => send(`${url}${path}`, exchange),
    linkName: 'nextLink',
    limiter: limiter ?? null,
    waitMs,
  });
}
