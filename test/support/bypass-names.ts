import { ENGINE, PEOPLE, TENANT } from '../../local/tenant/seed.ts';
import { type Attempt, target } from './bypass.ts';
import { both, quiet, user } from './bypass-tenant.ts';

const emergency = PEOPLE.breakGlassRare;
const upn = (name: string) => `${name}@${TENANT.domain}`;
const asleep = quiet(emergency, 400);
const breakGlass = { guard: 'break-glass' };
const nobody = { left: 'nobody in the directory has this name' };
const noId = { left: 'is not an object id of the directory' };
const byName = (value: string) => [{ by: 'userPrincipalName', value } as const];
const byTitle = (value: string) => [{ by: 'displayName', value } as const];

/** An emergency account under every name somebody could think of. */
const ofTheEmergencyAccount: readonly Attempt[] = [
  { what: 'by object id', names: [{ value: emergency }], stoppedBy: breakGlass },
  { what: 'by object id in capitals', names: [{ value: emergency.toUpperCase() }], stoppedBy: breakGlass },
  { what: 'named twice in one alert', names: [{ value: emergency }, { value: emergency }], stoppedBy: breakGlass },
  { what: 'by id and by name', names: [{ value: emergency }, ...byName(upn('emergency02'))], stoppedBy: breakGlass },
  { what: 'by user principal name', names: byName(upn('emergency02')), stoppedBy: breakGlass },
  { what: 'by user principal name in capitals', names: byName(upn('EMERGENCY02')), stoppedBy: breakGlass },
  {
    what: 'listed in capitals',
    safety: { breakGlass: [emergency.toUpperCase()] },
    names: [{ value: emergency }],
    stoppedBy: breakGlass,
  },
  {
    what: 'to be deleted',
    names: [{ value: emergency }],
    steps: [{ action: 'delete-user', with: {} }],
    stoppedBy: breakGlass,
  },
  {
    what: 'to lose its sessions',
    names: [{ value: emergency }],
    steps: [{ action: 'revoke-sessions', with: {} }],
    stoppedBy: breakGlass,
  },
  {
    what: 'to be left out of reports',
    names: [{ value: emergency }],
    steps: [{ action: 'exclude-from-reports', with: { expires: 'P90D', reason: 'x' } }],
    stoppedBy: breakGlass,
  },
  {
    what: 'renamed to look like anybody',
    tenant: user(emergency, { userPrincipalName: upn('a.person'), displayName: 'A Person' }),
    names: byName(upn('a.person')),
    stoppedBy: breakGlass,
  },
  {
    what: 'that took over the name of somebody deleted',
    tenant: both(
      user(target, { userPrincipalName: upn('old.ada') }),
      user(emergency, { userPrincipalName: upn('ada.quiet') }),
    ),
    names: byName(upn('ada.quiet')),
    stoppedBy: breakGlass,
  },
  {
    what: 'that is a guest, by its #EXT# name',
    tenant: user(emergency, { userType: 'Guest', userPrincipalName: upn('help_fabrikam.com#EXT#') }),
    names: byName(upn('help_fabrikam.com#EXT#')),
    stoppedBy: breakGlass,
  },
  {
    what: 'that is a guest, by its #ext# name',
    tenant: user(emergency, { userType: 'Guest', userPrincipalName: upn('help_fabrikam.com#EXT#') }),
    names: byName(upn('help_fabrikam.com#ext#')),
    stoppedBy: breakGlass,
  },
].map((one: Attempt) => ({
  ...one,
  what: `the emergency account ${one.what}`,
  tenant: both(asleep, one.tenant ?? (() => {})),
}));

/** Names that must find nobody rather than somebody. */
const notNames: readonly Attempt[] = [
  { what: 'an id in braces', names: [{ value: `{${target}}` }], stoppedBy: noId },
  { what: 'an id with spaces around it', names: [{ value: ` ${target} ` }], stoppedBy: noId },
  { what: 'an id without dashes', names: [{ value: target.replaceAll('-', '') }], stoppedBy: noId },
  { what: 'an id written as for a URL', names: [{ value: target.replace('a', '%61') }], stoppedBy: noId },
  { what: 'a path in place of an id', names: [{ value: `../users/${target}` }], stoppedBy: noId },
  { what: 'an id with a query after it', names: [{ value: `${target}?$select=id` }], stoppedBy: noId },
  { what: 'a star', names: [{ value: '*' }], stoppedBy: noId },
  {
    what: 'the empty id of all zeros',
    names: [{ value: '00000000-0000-0000-0000-000000000000' }],
    stoppedBy: { left: 'does not exist in the directory' },
  },
  { what: 'a name with a space after it', names: byName(`${upn('ada.quiet')} `), stoppedBy: nobody },
  { what: 'a name with a plus', names: byName(upn('ada.quiet+1')), stoppedBy: nobody },
  { what: 'a proxy address', names: byName(`smtp:${upn('ada.quiet')}`), stoppedBy: nobody },
  { what: 'a name in full-width letters', names: byName(upn('ａda.quiet')), stoppedBy: nobody },
  { what: 'a name with a letter that looks the same', names: byName(upn('аda.quiet')), stoppedBy: nobody },
  { what: 'a name with an invisible letter in it', names: byName(upn('ada.\u200bquiet')), stoppedBy: nobody },
  {
    what: 'a name that is a filter',
    names: byName(`x' or userPrincipalName eq '${upn('ada.quiet')}`),
    stoppedBy: nobody,
  },
  { what: 'a display name that is a filter', names: byTitle("x' or startswith(displayName,'Ada"), stoppedBy: nobody },
  { what: 'an empty display name', names: byTitle(' '), stoppedBy: nobody },
  { what: 'the mail address a guest has at home', names: byName('gus@fabrikam.com'), stoppedBy: nobody },
  {
    what: 'a display name that two have',
    names: byTitle('Alex Doe'),
    stoppedBy: { left: 'a person has to say which' },
  },
  { what: 'a look-alike who was here yesterday', names: byTitle('Аda Quiet'), stoppedBy: { proof: 'false' } },
  {
    what: 'a group with the id of a user',
    names: [{ kind: 'group' }],
    stoppedBy: { left: 'only users can be resolved' },
  },
  {
    what: 'a role with the id of a user',
    names: [{ kind: 'role' }],
    stoppedBy: { left: 'only users can be resolved' },
  },
  {
    what: 'our own service principal',
    names: [{ kind: 'service-principal', value: ENGINE.objectId }],
    stoppedBy: { left: 'only users can be resolved' },
  },
  {
    what: 'our own service principal said to be a user',
    names: [{ value: ENGINE.objectId }],
    stoppedBy: { left: 'does not exist in the directory' },
  },
];

export const names: readonly Attempt[] = [...ofTheEmergencyAccount, ...notNames];
