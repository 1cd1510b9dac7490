import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE, TENANT } from '../../local/tenant/seed.ts';
import { asked } from '../../shared/domain/fact.ts';
import { entraDirectory } from '../../shared/systems/entra/directory.ts';
import { always, clientsOf, farSide, faultOf, type Systems, startSystems, wallClock } from '../support/systems.ts';

let systems: Systems;
beforeAll(async () => {
  systems = await startSystems();
});
afterEach(() => systems.reset());
afterAll(() => systems.close());

const nobody = '99999999-0000-4000-8000-000000000000';
const remove = (id: string) =>
  systems.effects.send({ to: 'graph', method: 'DELETE', path: `/users/${id}`, body: null }, 'k', 'destructive');

describe('presence', () => {
  it('finds a live user with the facts that guards and proofs need', async () => {
    expect(await systems.directory.presence(PEOPLE.adaQuiet)).toEqual({
      state: 'live',
      user: {
        id: PEOPLE.adaQuiet,
        displayName: 'Ada Quiet',
        userPrincipalName: `ada.quiet@${TENANT.domain}`,
        enabled: true,
        guest: false,
        synced: false,
        createdAt: expect.stringMatching(/Z$/),
        signIns: {
          successful: expect.stringMatching(/Z$/),
          interactive: expect.stringMatching(/Z$/),
          nonInteractive: null,
        },
        sessionsValidFrom: expect.stringMatching(/Z$/),
        excludeMark: null,
        licences: 1,
      },
    });
  });

  it.each([
    ['guest', { guest: true }],
    ['synced', { synced: true }],
    ['disabled', { enabled: false }],
    ['neverSignedIn', { signIns: null }],
    ['tagged', { excludeMark: 'Seasonal work, back in spring' }],
  ] as const)('sees %s for what it is', async (who, facts) => {
    expect(await systems.directory.presence(PEOPLE[who])).toMatchObject({ state: 'live', user: facts });
  });

  it('finds a deleted user in the deleted items, with its sign-ins unknown', async () => {
    await remove(PEOPLE.doraDormant);
    expect(await systems.directory.presence(PEOPLE.doraDormant)).toMatchObject({
      state: 'deleted',
      user: { id: PEOPLE.doraDormant, displayName: 'Dora Dormant', signIns: null },
    });
  });

  it('calls absent who is in neither', async () => {
    expect(await systems.directory.presence(nobody)).toEqual({ state: 'absent' });
  });

  it('asks by upper-case ids too, and by nothing but ids', async () => {
    expect(await systems.directory.presence(PEOPLE.adaQuiet.toUpperCase())).toMatchObject({ state: 'live' });
    for (const id of ['', '*', `${PEOPLE.adaQuiet}/manager`, `ada.quiet@${TENANT.domain}`])
      expect(await faultOf(systems.directory.presence(id))).toMatchObject({ disposition: 'reject' });
  });

  it('sees a deletion as soon as the replica it reads has it', async () => {
    await systems.lag(60_000);
    await remove(PEOPLE.doraDormant);
    expect(await systems.directory.presence(PEOPLE.doraDormant)).toMatchObject({ state: 'live' });
    systems.pass(60_001);
    expect(await systems.directory.presence(PEOPLE.doraDormant)).toMatchObject({ state: 'deleted' });
  });

  it('asks to come again when the directory is busy, and says when', async () => {
    await systems.fault({ match: { path: '/users/' }, status: 429, retryAfter: 17 });
    expect(await faultOf(systems.directory.presence(PEOPLE.adaQuiet))).toMatchObject({
      disposition: 'retry',
      retryAfterMs: 17_000,
    });
  });
});

describe('users by name', () => {
  it('gives both people who are called Alex Doe', async () => {
    const users = await systems.directory.usersBy('displayName', 'Alex Doe');
    expect(users.map(({ id }) => id).sort()).toEqual([PEOPLE.alexDoeOne, PEOPLE.alexDoeTwo]);
  });

  it.each([
    ['displayName', 'Łukasz Ørsted-Ñúñez 🌿', PEOPLE.unicode],
    ['displayName', '\u0410da Quiet', PEOPLE.lookAlike],
    ['userPrincipalName', `gus_fabrikam.com#EXT#@${TENANT.domain}`, PEOPLE.guest],
  ] as const)('finds the %s %s', async (by, value, id) => {
    expect(await systems.directory.usersBy(by, value)).toEqual([expect.objectContaining({ id })]);
  });

  it.each(["Ben O''Still", 'R&D + 100% #1?', 'https://x.example/y', '\u0000\n"\\', 'a=b&$select=id'])(
    'finds %j by exactly that',
    async (displayName) => {
      systems.tenant.change((state) => {
        const ben = state.users[PEOPLE.benStill];
        if (ben) state.users[PEOPLE.benStill] = { ...ben, displayName };
      });
      expect(await systems.directory.usersBy('displayName', displayName)).toMatchObject([{ id: PEOPLE.benStill }]);
    },
  );

  it.each(["O'Brien & Sons", "' or displayName ne '", '100% #1?', 'a+b=c', 'https://x/y'])(
    'takes %s for a name and nothing else',
    async (name) => {
      expect(await systems.directory.usersBy('displayName', name)).toEqual([]);
    },
  );

  it('finds a name with an apostrophe', async () => {
    systems.tenant.change((state) => {
      const ben = state.users[PEOPLE.benStill];
      if (ben) state.users[PEOPLE.benStill] = { ...ben, displayName: "Ben O'Still" };
    });
    expect(await systems.directory.usersBy('displayName', "Ben O'Still")).toMatchObject([{ id: PEOPLE.benStill }]);
  });

  it('asks nothing for an empty name', async () => {
    expect(await faultOf(systems.directory.usersBy('displayName', ''))).toMatchObject({ disposition: 'reject' });
  });
});

describe('quiet users', () => {
  it('gives those whose last attempt is before the time, and not those without any', async () => {
    const time = new Date(Date.now() - 92 * 86_400_000).toISOString();
    const ids = (await systems.directory.quietSince(time)).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([PEOPLE.adaQuiet, PEOPLE.benStill, PEOPLE.nonInteractive]));
    for (const who of ['neverSignedIn', 'failedSignIns', 'yesterday', 'breakGlassNever'] as const)
      expect(ids).not.toContain(PEOPLE[who]);
  });

  it('reads every page', async () => {
    systems.tenant.change((state) => {
      const ada = state.users[PEOPLE.adaQuiet];
      for (let n = 0; ada && n < 250; n += 1) {
        const id = `ffff0000-0000-4000-8000-${String(n).padStart(12, '0')}`;
        state.users[id] = { ...ada, id, userPrincipalName: `ada${n}@${TENANT.domain}` };
      }
    });
    const users = await systems.directory.quietSince(new Date(Date.now() - 92 * 86_400_000).toISOString());
    const ids = new Set(users.map(({ id }) => id));
    expect([...ids].filter((id) => id.startsWith('ffff'))).toHaveLength(250);
    expect(ids.size).toBe(users.length);
  });
});

/** A user as Graph answers: a selected property that has no value is there, and null. */
const whole = {
  id: PEOPLE.adaQuiet,
  userPrincipalName: 'a@b',
  displayName: null,
  accountEnabled: true,
  userType: null,
  onPremisesSyncEnabled: null,
  createdDateTime: null,
  signInSessionsValidFromDateTime: null,
};

it('asks for exactly what it is declared to ask for, and knows nothing about a user that it does not ask for', async () => {
  await using far = await farSide(always(200, whole));
  const presence = await entraDirectory(clientsOf(far.url).graph, wallClock).presence(PEOPLE.adaQuiet);
  const { searchParams } = new URL(far.seen[0]?.url ?? '', far.url);
  expect(searchParams.get('$select')?.split(',').sort()).toEqual(Object.keys(asked.user).sort());
  const known = presence.state === 'live' ? Object.keys(presence.user) : [];
  expect(Object.values(asked.user).flat().sort()).toEqual(known.sort());
});

describe('an answer that we do not know', () => {
  const read = async (body: unknown, status = 200) => {
    await using far = await farSide(always(status, body));
    return await faultOf(entraDirectory(clientsOf(far.url).graph, wallClock).presence(PEOPLE.adaQuiet));
  };

  it.each([
    ['no user at all', {}],
    ['nobody knows whether enabled', { id: PEOPLE.adaQuiet, userPrincipalName: 'a@b' }],
    ['a time that is none', { ...whole, createdDateTime: 'x' }],
    ...Object.keys(whole).map((name): [string, object] => [
      `${name} was asked for and is not in it`,
      Object.fromEntries(Object.entries(whole).filter(([other]) => other !== name)),
    ]),
    ['no JSON', undefined],
  ])('stops the run: %s', async (_what, body) => {
    expect(await read(body)).toMatchObject({ disposition: 'halt', code: 'unexpected-answer' });
  });

  it('never takes another identity for the one asked for', async () => {
    const other = { ...whole, id: PEOPLE.benStill };
    expect(await read(other)).toMatchObject({ disposition: 'halt', code: 'another-identity' });
  });

  it('does not take the 404 of something in between for an absent user', async () => {
    expect(await read('<html>not here</html>', 404)).toMatchObject({ disposition: 'halt', code: 'not-found' });
  });

  it('names the permission that is missing', async () => {
    const denied = { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' } };
    const fault = await read(denied, 403);
    expect(fault).toMatchObject({ disposition: 'halt', code: 'permission-missing' });
    expect(fault.message).toContain('AuditLog.Read.All');
  });
});

it('takes an empty date written out for no time', async () => {
  const none = '0001-01-01T00:00:00Z';
  const signInActivity = { lastSignInDateTime: none, lastSuccessfulSignInDateTime: '2026-01-02T03:04:05Z' };
  const user = { ...whole, createdDateTime: none };
  await using far = await farSide(always(200, { ...user, signInActivity }));
  expect(await entraDirectory(clientsOf(far.url).graph, wallClock).presence(PEOPLE.adaQuiet)).toMatchObject({
    user: {
      createdAt: null,
      signIns: { successful: '2026-01-02T03:04:05Z', interactive: null, nonInteractive: null },
    },
  });
});

it('takes a mark of another type for a mark, and a deleted group for nobody', async () => {
  const marked = { ...whole, customSecurityAttributes: { AlertResponse: { ckExcludeFromReports: true } } };
  await using far = await farSide(always(200, marked));
  const presence = await entraDirectory(clientsOf(far.url).graph, wallClock).presence(PEOPLE.adaQuiet);
  expect(presence).toMatchObject({ state: 'live', user: { excludeMark: 'true' } });

  await using bin = await farSide((request, response) => {
    const gone = request.url?.startsWith('/v1.0/users/') ?? false;
    const missing = { error: { code: 'Request_ResourceNotFound', message: 'not here' } };
    always(gone ? 404 : 200, gone ? missing : { '@odata.type': '#microsoft.graph.group', id: nobody })(
      request,
      response,
    );
  });
  expect(await entraDirectory(clientsOf(bin.url).graph, wallClock).presence(nobody)).toEqual({ state: 'absent' });
});

it('counts the users, by an index that has to be asked for', async () => {
  expect(await systems.directory.userCount()).toBe(Object.keys(systems.tenant.truth().users).length);
  await using far = await farSide((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end('893'),
  );
  expect(await entraDirectory(clientsOf(far.url).graph, wallClock).userCount()).toBe(893);
  expect(far.seen[0]).toMatchObject({
    url: '/v1.0/users/$count',
    headers: { consistencylevel: 'eventual', accept: 'text/plain' },
  });
});

it.each(['', 'many', '0', '-1', '1.5', 'null', '{}'])('takes %j for no count', async (body) => {
  await using far = await farSide((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end(body),
  );
  expect(await faultOf(entraDirectory(clientsOf(far.url).graph, wallClock).userCount())).toMatchObject({
    disposition: 'halt',
  });
});
