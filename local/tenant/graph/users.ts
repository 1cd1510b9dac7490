import type { State, User } from '../model.ts';
import type { Filter } from '../odata/filter.ts';
import { pathsOf } from '../odata/filter.ts';
import { type GraphCall, type GraphHandler, METADATA } from './call.ts';
import { applyFilter, readFilter } from './filtered.ts';
import { page } from './page.ts';
import { badSyntax, notFound, unsupportedQuery } from './refusals.ts';
import { requireProperties } from './require.ts';
import { selected, shape } from './user-shape.ts';

const SIGN_IN = 'signInActivity/';

const USERS = {
  type: 'microsoft.graph.user',
  paths: [
    'id',
    'userPrincipalName',
    'displayName',
    'mail',
    'accountEnabled',
    'userType',
    'createdDateTime',
    'onPremisesSyncEnabled',
    'givenName',
    'surname',
    'jobTitle',
    'department',
    `${SIGN_IN}lastSignInDateTime`,
    `${SIGN_IN}lastNonInteractiveSignInDateTime`,
    `${SIGN_IN}lastSuccessfulSignInDateTime`,
  ],
};

/** List users: a page that has sign-in activity in it holds 120 users at most. */
const SIGN_IN_PAGE = 120;

export const listUsers: GraphHandler = (call) => {
  const filter = readFilter(call, USERS);
  const names = selected(call);
  const bySignIn = filter !== null && checkSignIn(call, filter);
  const rows = applyFilter(filter, Object.values(call.tenant.view().users)).map((user) => shape(user, names));
  return page(call, 'users', rows, bySignIn || names.includes('signInActivity') ? SIGN_IN_PAGE : undefined);
};

// "$count as a URL segment … needs the header ConsistencyLevel set to eventual" (advanced query capabilities).
export const countUsers: GraphHandler = (call) => {
  if (!call.eventual) throw unsupportedQuery('$count is not currently supported without the header ConsistencyLevel.');
  const body = Object.keys(call.tenant.view().users).length;
  return { status: 200, headers: { 'content-type': 'text/plain' }, body };
};

export const getUser: GraphHandler = (call) => {
  const names = selected(call);
  const { id = '' } = call.params;
  // Sign-in activity is kept by object id, and only found by it.
  if (names.includes('signInActivity') && id.includes('@')) {
    throw badSyntax('Get By Key only supports UserId and the key has to be a valid Guid');
  }
  const user = findUser(call.tenant.view(), id);
  return { status: 200, body: { '@odata.context': `${METADATA}#users/$entity`, ...shape(user, names) } };
};

/** @throws Refusal 404 where no live user has this object id or user principal name. */
export function findUser(state: State, key: string): User {
  const upn = key.toLowerCase();
  const user =
    state.users[upn] ?? Object.values(state.users).find((one) => one.userPrincipalName.toLowerCase() === upn);
  if (!user) throw notFound(key);
  return user;
}

// "Supports $filter (eq, ne, not, ge, le) but not with any other filterable properties" (user, signInActivity).
function checkSignIn(call: GraphCall, filter: Filter): boolean {
  const paths = pathsOf(filter);
  const signIn = paths.filter((path) => path.startsWith(SIGN_IN));
  if (signIn.length === 0) return false;
  requireProperties(call, ['signInActivity']);
  if (signIn.length < paths.length) throw badSyntax('Filter not supported.');
  return true;
}
