/** Fixed names of everything in the seeded tenant that a test or a playbook fixture may want to speak of. */

export const TENANT = {
  id: '7e0a4b1c-3f52-4d86-9c1e-5a6b7c8d9e0f',
  name: 'Contoso',
  domain: 'contoso.onmicrosoft.com',
};

export const SUBSCRIPTION_A = '11111111-1111-4111-8111-111111111111';
export const SUBSCRIPTION_B = '22222222-2222-4222-8222-222222222222';
export const MANAGEMENT_GROUP = 'mg-contoso';

export const SCOPES = {
  managementGroup: `/providers/Microsoft.Management/managementGroups/${MANAGEMENT_GROUP}`,
  subscriptionA: `/subscriptions/${SUBSCRIPTION_A}`,
  subscriptionB: `/subscriptions/${SUBSCRIPTION_B}`,
  payments: `/subscriptions/${SUBSCRIPTION_A}/resourceGroups/rg-payments`,
  data: `/subscriptions/${SUBSCRIPTION_A}/resourceGroups/rg-data`,
  lab: `/subscriptions/${SUBSCRIPTION_B}/resourceGroups/rg-lab`,
} as const;

const person = (n: number): string => `aaaa0000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Object ids of the users. */
export const PEOPLE = {
  breakGlassNever: person(1),
  breakGlassRare: person(2),
  globalAdmin: person(3),
  eligibleOwner: person(4),
  eligibleDirectoryRole: person(5),
  guest: person(6),
  synced: person(7),
  neverSignedIn: person(8),
  newcomer: person(9),
  yesterday: person(10),
  tagged: person(11),
  groupOnly: person(12),
  managementGroupOnly: person(13),
  conditioned: person(14),
  adaQuiet: person(15),
  benStill: person(16),
  doraDormant: person(17),
  alexDoeOne: person(18),
  alexDoeTwo: person(19),
  unicode: person(20),
  lookAlike: person(21),
  disabled: person(22),
  failedSignIns: person(23),
  roleAssignable: person(24),
  nested: person(25),
  nonInteractive: person(26),
  sam: person(27),
  riley: person(28),
  max: person(29),
  olga: person(30),
} as const;

/** Plain active users, there to make the tenant a crowd. */
export const CROWD = Array.from({ length: 12 }, (_, index) => person(101 + index));

const group = (n: number): string => `bbbb0000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const GROUPS = {
  contributors: group(1),
  roleAssignable: group(2),
  inner: group(3),
  outer: group(4),
  staff: group(5),
  approvers: group(6),
  owners: group(7),
} as const;

export const ENGINE = {
  objectId: 'cccc0000-0000-4000-8000-000000000001',
  appId: 'cccc0000-0000-4000-8000-0000000000a1',
  name: 'id-quell-engine',
} as const;

/** A second application, which may do nothing. */
export const OTHER_APP = {
  objectId: 'cccc0000-0000-4000-8000-000000000002',
  appId: 'cccc0000-0000-4000-8000-0000000000a2',
  name: 'Contoso Portal',
} as const;

/** The app registration that people sign in to for the approval page; it trusts the engine's managed identity, and has no secret. */
export const PAGE_APP = {
  appId: 'cccc0000-0000-4000-8000-0000000000a3',
  name: 'Quell approvals',
  /** Any port of this machine, as Entra allows it for a loopback address. */
  redirectPath: '/api/sign-in',
} as const;

/** Azure roles by GUID, as in the list of built-in roles; `auditor` is the one custom role. */
export const AZURE_ROLES = {
  owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  userAccessAdministrator: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  rbacAdministrator: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  auditor: 'dddd0000-0000-4000-8000-000000000001',
} as const;

/** Directory roles by template id. */
export const DIRECTORY_ROLES = {
  globalAdministrator: '62e90394-69f5-4237-9190-012177145e10',
  userAdministrator: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
  privilegedRoleAdministrator: 'e8611ab8-c189-46e8-94e1-60213ab1f814',
  privilegedAuthenticationAdministrator: '7be44c8a-adaf-4e2a-84d6-ab2649e08a13',
  helpdeskAdministrator: '729827e3-9c14-49f7-bb1b-9608f156bbb8',
} as const;

const assignment = (n: number): string => `eeee0000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Names of the role assignments in Azure. */
export const ASSIGNMENTS = {
  engineAccess: assignment(1),
  engineReader: assignment(2),
  ownerOfA: assignment(3),
  ownerOfB: assignment(4),
  adaPayments: assignment(5),
  adaData: assignment(6),
  ben: assignment(7),
  dora: assignment(8),
  group: assignment(9),
  managementGroup: assignment(10),
  conditioned: assignment(11),
  nested: assignment(12),
  unicode: assignment(13),
  guest: assignment(14),
  synced: assignment(15),
  tagged: assignment(16),
  auditor: assignment(17),
  disabled: assignment(18),
  failedSignIns: assignment(19),
  alexOne: assignment(20),
  alexTwo: assignment(21),
  neverSignedIn: assignment(22),
  newcomer: assignment(23),
  breakGlass: assignment(24),
  globalAdmin: assignment(25),
  eligibleOwnerReader: assignment(26),
  nonInteractive: assignment(27),
  roleAssignable: assignment(28),
} as const;

export const ELIGIBILITIES = { ownerOfA: assignment(101), directoryRole: assignment(102) } as const;

/** What the engine's own playbook writes to leave an identity out of reports. */
export const EXCLUDE_ATTRIBUTE = { set: 'AlertResponse', name: 'ckExcludeFromReports' } as const;

export type Person = 'sam' | 'olga' | 'riley' | 'max';

/** Roles in the engine's own API (`api://quell`). */
export const PERSON_ROLES: Readonly<Record<Person, readonly string[]>> = {
  sam: ['Alerts.Send', 'Quell.Responder', 'Quell.Approver', 'Quell.Author', 'Quell.Administrator'],
  olga: ['Quell.Approver'],
  riley: ['Quell.Reader'],
  max: ['Alerts.Send'],
};
