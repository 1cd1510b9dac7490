import type { User } from '../model.ts';
import type { GraphCall } from './call.ts';
import { badSyntax } from './refusals.ts';
import { requireProperties } from './require.ts';

/** Returned where `$select` does not say otherwise (user resource type, properties). */
const DEFAULTS = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
];

/** The user as Graph knows it, with the properties that the model does not keep. */
const UNKEPT = { businessPhones: [], mobilePhone: null, officeLocation: null, preferredLanguage: null };

const SELECTABLE = [
  ...DEFAULTS,
  'accountEnabled',
  'assignedLicenses',
  'createdDateTime',
  'customSecurityAttributes',
  'deletedDateTime',
  'department',
  'onPremisesSyncEnabled',
  'signInActivity',
  'signInSessionsValidFromDateTime',
  'userType',
];

/** @throws Refusal where a property is unknown or needs a permission that the caller has not. */
export function selected(call: GraphCall): readonly string[] {
  const names =
    call.query
      .get('$select')
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean) ?? DEFAULTS;
  const unknown = names.find((name) => !SELECTABLE.includes(name));
  if (unknown) throw badSyntax(`Could not find a property named '${unknown}' on type 'microsoft.graph.user'.`);
  requireProperties(call, names);
  // Sign-in activity is joined by object id, which then comes along unasked.
  return names.includes('signInActivity') && !names.includes('id') ? [...names, 'id'] : names;
}

export function shape(user: User, names: readonly string[]): Record<string, unknown> {
  const whole: Record<string, unknown> = { ...UNKEPT, ...user, customSecurityAttributes: attributes(user) };
  return Object.fromEntries(names.flatMap((name) => (isReturned(user, name) ? [[name, whole[name]]] : [])));
}

export const shapeByDefault = (user: User): Record<string, unknown> => shape(user, DEFAULTS);

// "This property is not returned for a user who has never signed in" (user resource type, signInActivity).
function isReturned(user: User, name: string): boolean {
  return name !== 'signInActivity' || user.signInActivity !== null;
}

function attributes({ customSecurityAttributes }: User): unknown {
  if (!customSecurityAttributes) return null;
  const type = { '@odata.type': '#microsoft.graph.customSecurityAttributeValue' };
  return Object.fromEntries(
    Object.entries(customSecurityAttributes).map(([set, values]) => [set, { ...type, ...values }]),
  );
}
