import { TENANT } from '../seed.ts';
import { ISSUER_V2, type Tokens } from '../tokens.ts';
import type { Answer, Asked } from '../wire.ts';

const ROOT = `/${TENANT.id}`;

/** OpenID Connect discovery of the tenant. The keys are here; the issuer is the real one's, as it is in the tokens. */
export function answerDiscovery(tokens: Tokens, { method, url }: Asked): Answer | undefined {
  if (method !== 'GET') return undefined;
  if (url.pathname === `${ROOT}/discovery/v2.0/keys`) return { status: 200, body: tokens.jwks };
  if (url.pathname !== `${ROOT}/v2.0/.well-known/openid-configuration`) return undefined;
  return {
    status: 200,
    body: {
      issuer: ISSUER_V2,
      jwks_uri: `${url.origin}${ROOT}/discovery/v2.0/keys`,
      authorization_endpoint: `${url.origin}${ROOT}/oauth2/v2.0/authorize`,
      token_endpoint: `${url.origin}${ROOT}/oauth2/v2.0/token`,
      response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
    },
  };
}
