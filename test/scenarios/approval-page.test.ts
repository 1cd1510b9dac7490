import { HttpRequest } from '@azure/functions';
import { describe, expect, test } from 'vitest';
import { approver, onlyRun, other, quiet } from '../support/engine.ts';
import { asking, audited, person, removed } from '../support/forgery.ts';
import { fieldsOf, origin, pageOf } from '../support/page.ts';
import { userId } from '../support/world-state.ts';

/* What the page answers, without a browser: who sees it, what decides, and what does not. */

async function opened(...given: Parameters<typeof asking>) {
  const asked = await asking(...given);
  const page = pageOf(asked.stack);
  return { ...asked, page, id: asked.run.id, before: await asked.stack.engine.ledger.read(asked.run.id) };
}

describe('looking', () => {
  test('shows the plan as it is: target, evidence, changes, what stays, undo, people, time, why', async () => {
    const { page, id, run } = await opened();
    const { status, html } = await page.get(id);
    expect(status).toBe(200);
    for (const text of [
      'What should happen to User 1?',
      userId(1),
      'no sign-in and no attempt for 200 days',
      'Not needed, make read-only',
      'Remove in stages',
      '0 of 2 approvals',
      'One approval is enough',
      'Contributor',
      'restores the user with all memberships for 30 days',
      'come back to life with a restore',
      '3 d 0 h left',
      'inactive-user-review v1',
      'inactive-users',
      'app:tester',
      run.plans?.[0]?.digest ?? 'no plan',
    ])
      expect(html.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))).toContain(text);
    expect(html).not.toContain('<script');
  });

  test.each([
    ['a mail scanner', { 'user-agent': 'Mozilla/5.0 (compatible; Safe Links)' }],
    ['a preview bot', { 'user-agent': 'SkypeUriPreview Preview/0.5' }],
    ['a browser that fetches ahead', { purpose: 'prefetch', 'sec-purpose': 'prefetch' }],
  ])('by %s without a session leads to Entra and decides nothing', async (_who, headers) => {
    const { page, id, stack, before } = await opened();
    const { status, location } = await page.get(id, { session: null, headers });
    expect([status, location?.startsWith('https://login.example/')]).toEqual([303, true]);
    expect(await stack.engine.ledger.read(id)).toEqual(before);
    expect(await audited(stack)).toEqual([]);
  });

  test('with a session decides nothing either, whatever the address says', async () => {
    const { page, id, stack, before, answer } = await opened();
    const { digest } = answer('needed');
    await page.get(id, { query: { choice: 'needed', digest: digest ?? '', decision: 'approve' } });
    expect(await stack.engine.ledger.read(id)).toEqual(before);
  });

  test('is for approvers: nobody else learns whom it is about', async () => {
    const { page, id, stack } = await opened();
    const riley = person(stack, 80, { member: false });
    const { status, html } = await page.get(id, { session: { ...page.session, id: riley.id, name: 'Riley' } });
    expect([status, html.includes('Not for you to decide')]).toEqual([403, true]);
    for (const text of ['User 1', userId(1), 'inactive']) expect(html).not.toContain(text);
  });

  test('who raised the alert can look, and not decide', async () => {
    const { page, id } = await opened({}, `person:${approver.id}`);
    const { html } = await page.get(id);
    expect(html).toContain('You can look, but not decide: you raised the alert.');
    expect(html).not.toContain('<form');
  });

  test('an unknown run is 404, and a session that has run out leads to Entra', async () => {
    const { page, id, stack } = await opened();
    expect((await page.get(`run-${'0'.repeat(32)}`)).status).toBe(404);
    expect((await page.get('run-1')).status).toBe(404);
    const request = new HttpRequest({
      method: 'GET',
      url: `${origin}/api/approve/${id}`,
      params: { id },
      headers: { cookie: `__Host-quell-session=${await page.sessions.seal(page.session)}` },
    });
    stack.clock.move(31 * 60_000);
    expect(await page.pages.show(request)).toHaveProperty('location');
  });
});

describe('deciding', () => {
  test('approves what the form showed, and sends the browser to look', async () => {
    const { page, id, stack } = await opened();
    const fields = fieldsOf((await page.get(id)).html, 'Approve: Needed');
    expect(await page.post(id, fields)).toMatchObject({ status: 303, location: `/api/approve/${id}` });
    await quiet(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('done');
    const { html } = await page.get(id);
    expect(html).toContain('Done and verified');
    expect(html).toContain('Ada');
    expect(html).not.toContain('<form');
    expect(await audited(stack)).toEqual([]);
  });

  test('rejects with a reason, and not without', async () => {
    const { page, id, stack } = await opened();
    const { token = '' } = fieldsOf((await page.get(id)).html, 'Reject');
    const without = await page.post(id, { token, reason: '  ' });
    expect([without.status, without.html.includes('Rejecting needs a reason.')]).toEqual([400, true]);
    expect((await page.post(id, { token, reason: 'is on leave' })).status).toBe(303);
    expect((await onlyRun(stack)).decision).toMatchObject({ choice: null, reason: 'is on leave' });
    expect((await audited(stack)).map(({ code }) => code)).toEqual(['reason-missing']);
  });

  test('two people, each with a session of their own', async () => {
    const { page, id, stack } = await opened();
    await page.post(id, fieldsOf((await page.get(id)).html, 'Approve: Remove'));
    const half = (await page.get(id)).html;
    expect(half).toContain('You have approved this. Somebody else has to as well.');
    expect(half).toContain('1 of 2 approvals');
    const session = { id: other.id, name: other.name, sid: 'sid-2' };
    const form = fieldsOf((await page.get(id, { session })).html, 'Approve: Remove');
    expect((await page.post(id, form, { session })).status).toBe(303);
    expect((await onlyRun(stack)).decision?.choice).toBe('remove');
  });

  test.each([
    ['after somebody else has', 409, 'Ada has decided this already.'],
    ['after the question expired', 409, 'The question stood until'],
    ['of a plan that has changed', 409, 'The plan is no longer the one you saw'],
    ['after losing membership', 403, 'Not for you to decide'],
  ] as const)('%s: told on the page, one audit entry, nothing changed', async (when, status, text) => {
    const { page, id, stack, run } = await opened();
    const session = { id: other.id, name: other.name, sid: 'sid-2' };
    const fields = fieldsOf((await page.get(id, { session })).html, 'Approve: Needed');
    if (when === 'after somebody else has')
      await page.post(id, fieldsOf((await page.get(id)).html, 'Approve: Not needed'));
    if (when === 'after losing membership') removed(stack, other.id);
    const late = when === 'after the question expired';
    if (late) stack.clock.moveTo(run.asked?.expiresAt ?? '');
    const given = when === 'of a plan that has changed' ? { ...fields, digest: '0'.repeat(64) } : fields;
    const before = await stack.engine.ledger.read(id);
    const shown = await page.post(id, given, { session });
    expect([shown.status, shown.html.includes(text)]).toEqual([status, true]);
    expect(await stack.engine.ledger.read(id)).toEqual(before);
    const entries = (await audited(stack)).filter(({ channel }) => channel === 'page');
    expect(entries).toMatchObject([{ by: other.id, run: id }]);
    expect(entries).toHaveLength(1);
  });

  test('an expired question has no form any more', async () => {
    const { page, id, stack, run } = await opened();
    stack.clock.moveTo(run.asked?.expiresAt ?? '');
    const { html } = await page.get(id);
    expect(html).toContain('Expired: nobody decided');
    expect(html).not.toContain('<form');
  });
});

describe('a form that did not come from the page', () => {
  const foreign = { ...{ origin: 'https://evil.example' } };
  test.each<
    [string, number, (fields: Record<string, string>) => Parameters<ReturnType<typeof pageOf>['post']>[1], object]
  >([
    ['has no session', 403, (fields) => fields, { session: null }],
    ['has no token', 400, ({ token: _token, ...fields }) => fields, {}],
    ['has another token', 403, (fields) => ({ ...fields, token: 'x'.repeat(43) }), {}],
    [
      'has the token of another session',
      403,
      (fields) => fields,
      { session: { id: approver.id, name: 'Ada', sid: 'sid-9' } },
    ],
    ['comes from another site', 403, (fields) => fields, { headers: foreign }],
    ['comes from a page without an origin', 403, (fields) => fields, { headers: { origin: 'null' } }],
    [
      'comes across sites, as the browser says',
      403,
      (fields) => fields,
      { headers: { 'sec-fetch-site': 'cross-site' } },
    ],
    ['is JSON', 415, (fields) => JSON.stringify(fields), { headers: { 'content-type': 'application/json' } }],
    ['has a field twice', 400, (fields) => `${new URLSearchParams(fields)}&choice=remove`, {}],
    ['has a field more', 400, (fields) => ({ ...fields, by: userId(902) }), {}],
    ['has __proto__', 400, (fields) => `${new URLSearchParams(fields)}&__proto__=1`, {}],
    ['is a megabyte', 413, (fields) => ({ ...fields, reason: 'x'.repeat(1_000_000) }), {}],
    ['is empty', 400, () => '', {}],
  ])('%s: refused, one audit entry, nothing changed', async (_what, status, made, options) => {
    const { page, id, stack, before } = await opened();
    const fields = fieldsOf((await page.get(id)).html, 'Approve: Needed');
    expect((await page.post(id, made(fields), options)).status).toBe(status);
    expect(await stack.engine.ledger.read(id)).toEqual(before);
    expect(await audited(stack)).toMatchObject([{ what: 'decision', channel: 'page', run: id }]);
    expect((await audited(stack)).length).toBe(1);
  });

  test('of another run: its token is for that run only', async () => {
    const { page, id, stack } = await opened();
    const token = page.sessions.token(page.session, `run-${'1'.repeat(32)}`);
    const fields = { ...fieldsOf((await page.get(id)).html, 'Approve: Needed'), token };
    expect((await page.post(id, fields)).status).toBe(403);
    expect((await onlyRun(stack)).decision).toBeNull();
  });
});

describe('cookies', () => {
  test('are for this host, for https, not for scripts, and short', async () => {
    const { page, id } = await opened();
    const { answer } = await page.get(id, { session: null });
    const [begun] = answer?.cookies ?? [];
    expect(begun).toMatchObject({ path: '/', httpOnly: true, secure: true, sameSite: 'Lax', maxAge: 600 });
    expect(begun?.name).toMatch(/^__Host-quell-sign-in-/);
  });

  test('changed by one character, or of the other kind, are none', async () => {
    const { page } = await opened();
    const sealed = await page.sessions.seal(page.session);
    expect(await page.sessions.open(sealed)).toEqual(page.session);
    const middle = Math.floor(sealed.length / 2);
    const changed = `${sealed.slice(0, middle)}${sealed[middle] === 'A' ? 'B' : 'A'}${sealed.slice(middle + 1)}`;
    for (const text of [changed, '', 'x', sealed.split('.').slice(0, 4).join('.')])
      expect(await page.sessions.open(text)).toBeNull();
    expect(await page.sessions.openSignIn(sealed)).toBeNull();
    const begun = { state: 's', nonce: 'n', verifier: 'v', run: 'r' };
    expect(await page.sessions.open(await page.sessions.sealSignIn(begun))).toBeNull();
  });

  test('a sign-in is only finished in the browser that began it, and only once for its state', async () => {
    const { page, id } = await opened();
    const { answer, location } = await page.get(id, { session: null });
    const state = new URL(location ?? '').searchParams.get('state') ?? '';
    const [begun] = answer?.cookies ?? [];
    const back = (query: Record<string, string>, cookie: string) =>
      page.pages.signedIn(new HttpRequest({ method: 'GET', url: `${origin}/api/sign-in`, query, headers: { cookie } }));
    const cookie = `${begun?.name}=${begun?.value}`;
    const done = await back({ state, code: approver.id }, cookie);
    expect(done).toMatchObject({ location: `/api/approve/${id}` });
    expect(done.cookies?.map(({ name, maxAge }) => [name, maxAge])).toEqual([
      ['__Host-quell-session', 1800],
      [begun?.name, 0],
    ]);
    for (const [query, sent] of [
      [{ state, code: approver.id }, ''],
      [{ state: 'z'.repeat(43), code: approver.id }, cookie],
      [{ state: '', code: approver.id }, cookie],
      [{ state, error: 'access_denied' }, cookie],
    ] as const)
      await expect(back(query, sent)).rejects.toMatchObject({ disposition: 'refuse' });
  });
});

test('whatever an alert or a name says is text, and shows what it says', async () => {
  const { page, id, stack } = await opened({
    description: '<script>alert(1)</script> <img src=x onerror=alert(2)> "\'` {{7*7}}',
  });
  const name = '"><script>alert(3)</script>\u202etxt.exe';
  const { html } = await page.get(id, { session: { ...page.session, name } });
  expect(html).not.toMatch(/<script|<img|onerror=/);
  expect(html).not.toContain('\u202e');
  expect(html).toContain('&#60;script&#62;alert(1)');
  expect((await onlyRun(stack)).decision).toBeNull();
});
