import { PAGE_APP, PEOPLE, TENANT } from '../seed.ts';
import type { Tenant } from '../tenant.ts';
import type { Answer, Asked } from '../wire.ts';
import type { Authorization, Codes } from './codes.ts';
import { pickerPage, problemPage } from './picker.ts';

const PATH = `/${TENANT.id}/oauth2/v2.0/authorize`;

/** Who can be picked; anybody of the directory can be signed in as by object id. */
const people = [PEOPLE.sam, PEOPLE.olga, PEOPLE.riley, PEOPLE.max];

/**
 * The authorization endpoint of the Microsoft identity platform: authorization code with PKCE, answers in the query.
 * Instead of a password it asks who one is; `local_user` (an object id) says it without the page.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export function answerAuthorize(tenant: Tenant, codes: Codes, { method, url }: Asked): Answer | undefined {
  if (method !== 'GET' || url.pathname !== PATH) return undefined;
  const query = url.searchParams;
  const redirectUri = query.get('redirect_uri') ?? '';
  // A wrong client or address is told to the person and never sent anywhere.
  if (query.get('client_id') !== PAGE_APP.appId) return problemPage('AADSTS700016', 'The application was not found.');
  if (!isRegistered(redirectUri)) return problemPage('AADSTS50011', 'The redirect URI is not registered.');
  const asked = authorizationOf(query, redirectUri);
  if (typeof asked === 'string')
    return redirect(redirectUri, {
      error: 'invalid_request',
      error_description: asked,
      state: query.get('state') ?? '',
    });
  const picked = query.get('local_user');
  const users = tenant.truth().users;
  if (picked === null)
    return pickerPage(
      url,
      people.flatMap((id) => users[id] ?? []),
    );
  const user = users[picked];
  if (!user?.accountEnabled) return problemPage('AADSTS50057', 'The user account is disabled.');
  return redirect(redirectUri, { code: codes.issue(asked, user.id), state: asked.state });
}

/** Loopback addresses are compared without their port (RFC 8252 §7.3). */
function isRegistered(redirectUri: string): boolean {
  const url = URL.parse(redirectUri);
  return (
    url?.protocol === 'http:' &&
    ['127.0.0.1', 'localhost'].includes(url.hostname) &&
    url.pathname === PAGE_APP.redirectPath
  );
}

/** What is asked for, or what is wrong with it. */
function authorizationOf(query: URLSearchParams, redirectUri: string): Authorization | string {
  const given = (name: string) => query.get(name) ?? '';
  if (given('response_type') !== 'code') return "AADSTS900971: The response_type must be 'code'.";
  if (!given('scope').split(' ').includes('openid')) return "AADSTS70011: The scope 'openid' is missing.";
  if (given('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(given('code_challenge')))
    return 'AADSTS501491: Invalid size or method of the code challenge.';
  if (given('nonce') === '') return 'AADSTS90015: The nonce is missing.';
  return {
    clientId: given('client_id'),
    redirectUri,
    nonce: given('nonce'),
    challenge: given('code_challenge'),
    state: given('state'),
  };
}

function redirect(to: string, query: Readonly<Record<string, string>>): Answer {
  const url = new URL(to);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { status: 302, headers: { location: url.href } };
}
