import { PEOPLE, PERSON_ROLES, type Person } from '../seed.ts';
import type { Tenant } from '../tenant.ts';
import type { Tokens } from '../tokens.ts';
import type { Answer } from '../wire.ts';

/** Signs a person in to the engine's API without a browser. Whoever is disabled or deleted gets no token, as always. */
export async function personToken(tenant: Tenant, tokens: Tokens, person: string | null): Promise<Answer> {
  if (!isPerson(person)) return refuse(400, `person is one of ${Object.keys(PERSON_ROLES).join(', ')}`);
  const user = tenant.truth().users[PEOPLE[person]];
  if (!user?.accountEnabled) return refuse(403, `${person} may not sign in`);
  const { token, expiresOn } = await tokens.forPerson(person, user.displayName, user.userPrincipalName);
  return { status: 200, body: { access_token: token, expires_on: String(expiresOn), token_type: 'Bearer' } };
}

function isPerson(name: string | null): name is Person {
  return name !== null && Object.hasOwn(PERSON_ROLES, name);
}

function refuse(status: number, message: string): Answer {
  return { status, body: { error: { code: 'NoToken', message } } };
}
