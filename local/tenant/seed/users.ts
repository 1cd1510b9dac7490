import type { SignInActivity, User } from '../model.ts';
import { CROWD, EXCLUDE_ATTRIBUTE, PEOPLE, TENANT } from '../seed.ts';

const DAY = 86_400_000;

/** Days since each kind of sign-in; null where there was none. */
interface Seen {
  readonly interactive: number | null;
  readonly nonInteractive?: number | null;
  readonly successful?: number | null;
}

type Row = readonly [id: string, displayName: string, seen: number | null | Seen, overrides?: Partial<User>];

const created = (days: number) => (now: number) => ({ createdDateTime: before(now, days) });

function rows(now: number): readonly Row[] {
  return [
    [PEOPLE.breakGlassNever, 'Emergency Access 01', null, { userPrincipalName: upn('emergency01') }],
    [PEOPLE.breakGlassRare, 'Emergency Access 02', 340, { userPrincipalName: upn('emergency02') }],
    [PEOPLE.globalAdmin, 'Gloria Admin', 0],
    [PEOPLE.eligibleOwner, 'Otto Eligible', 200],
    [PEOPLE.eligibleDirectoryRole, 'Erin Eligible', 150],
    [PEOPLE.guest, 'Gus Guest', 160, { userType: 'Guest', userPrincipalName: upn('gus_fabrikam.com#EXT#') }],
    [PEOPLE.synced, 'Prem Sync', 190, { onPremisesSyncEnabled: true }],
    [PEOPLE.neverSignedIn, 'Nora Never', null, created(400)(now)],
    [PEOPLE.newcomer, 'Nick Newcomer', null, created(6)(now)],
    [PEOPLE.yesterday, 'Yara Yesterday', 1],
    [PEOPLE.tagged, 'Tess Tagged', 170, { customSecurityAttributes: excluded }],
    [PEOPLE.groupOnly, 'Greta Grouped', 140],
    [PEOPLE.managementGroupOnly, 'Mia Inherited', 145],
    [PEOPLE.conditioned, 'Connor Conditioned', 155],
    [PEOPLE.adaQuiet, 'Ada Quiet', 180],
    [PEOPLE.benStill, 'Ben Still', 120],
    [PEOPLE.doraDormant, 'Dora Dormant', 210],
    [PEOPLE.alexDoeOne, 'Alex Doe', 130, { userPrincipalName: upn('alex.doe') }],
    [PEOPLE.alexDoeTwo, 'Alex Doe', 135, { userPrincipalName: upn('alex.doe2') }],
    [PEOPLE.unicode, 'Łukasz Ørsted-Ñúñez 🌿', 125, { userPrincipalName: upn('lukasz.orsted') }],
    // The first letter is U+0410, CYRILLIC CAPITAL LETTER A.
    [PEOPLE.lookAlike, '\u0410da Quiet', 2, { userPrincipalName: upn('ada.quiet2') }],
    [PEOPLE.disabled, 'Dirk Disabled', 220, { accountEnabled: false }],
    [PEOPLE.failedSignIns, 'Fay Failing', { interactive: 3, successful: 230 }],
    [PEOPLE.roleAssignable, 'Ruth Assignable', 165],
    [PEOPLE.nested, 'Nell Nested', 175],
    [PEOPLE.nonInteractive, 'Ned Background', { interactive: 195, nonInteractive: 1, successful: 1 }],
    [PEOPLE.sam, 'Sam SecOps', 0],
    [PEOPLE.riley, 'Riley Reader', 1],
    [PEOPLE.max, 'Max Mailer', 1],
    [PEOPLE.olga, 'Olga Owner', 0],
    ...CROWD.map((id, index): Row => [id, `Worker ${String(index + 1).padStart(2, '0')}`, 1 + (index % 20)]),
  ];
}

const excluded = { [EXCLUDE_ATTRIBUTE.set]: { [EXCLUDE_ATTRIBUTE.name]: 'Seasonal work, back in spring' } };

/** Microsoft 365 E3, the same id in every tenant. */
const e3 = { skuId: '05e9a617-0261-4cee-bb44-138d3ef5d965', disabledPlans: [] };

export function seedUsers(now: number): Record<string, User> {
  return Object.fromEntries(rows(now).map((row) => [row[0], toUser(now, row)]));
}

function toUser(now: number, [id, displayName, seen, overrides]: Row): User {
  const [givenName = displayName, ...rest] = displayName.split(' ');
  const user: User = {
    id,
    displayName,
    userPrincipalName: upn(displayName.toLowerCase().replaceAll(' ', '.')),
    mail: null,
    givenName,
    surname: rest.join(' ') || null,
    jobTitle: null,
    department: null,
    accountEnabled: true,
    userType: 'Member',
    createdDateTime: before(now, 800),
    deletedDateTime: null,
    onPremisesSyncEnabled: null,
    signInSessionsValidFromDateTime: before(now, 800),
    signInActivity: activity(now, seen),
    customSecurityAttributes: null,
    assignedLicenses: [e3],
    ...overrides,
  };
  return { ...user, mail: user.userPrincipalName };
}

function activity(now: number, seen: number | null | Seen): SignInActivity | null {
  if (seen === null) return null;
  const {
    interactive,
    nonInteractive = null,
    successful = interactive,
  } = typeof seen === 'number' ? { interactive: seen } : seen;
  return {
    lastSignInDateTime: ago(now, interactive),
    lastSignInRequestId: interactive === null ? null : 'f0f0f0f0-0000-4000-8000-000000000001',
    lastNonInteractiveSignInDateTime: ago(now, nonInteractive),
    lastNonInteractiveSignInRequestId: nonInteractive === null ? null : 'f0f0f0f0-0000-4000-8000-000000000002',
    lastSuccessfulSignInDateTime: ago(now, successful),
    lastSuccessfulSignInRequestId: successful === null ? null : 'f0f0f0f0-0000-4000-8000-000000000003',
  };
}

const upn = (name: string): string => `${name}@${TENANT.domain}`;
const ago = (now: number, days: number | null): string | null => (days === null ? null : before(now, days));

/** Whole seconds, as Graph shows them; an hour more than the days, so that a whole number of days has passed. */
export function before(now: number, days: number): string {
  return new Date(now - days * DAY - DAY / 24).toISOString().replace(/\.\d+Z$/, 'Z');
}
