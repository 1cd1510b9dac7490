import { exportJWK, generateKeyPair, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clouds } from '../../shared/channels/teams/clouds.ts';
import { verifierOf } from '../../shared/channels/teams/inbound/verify.ts';
import { faultOf } from '../support/systems.ts';
import { activity, appId, type BotKeys, botKeys, person, tenantId } from '../support/teams.ts';

let bot: BotKeys;
const ahead = 0;
const clock = () => new Date(Date.now() + ahead).toISOString();
const verifier = (of: BotKeys = bot) => verifierOf({ cloud: of.cloud, appId, tenantId, local: false, clock });
const text = JSON.stringify(activity());
const bearer = async (change: JWTPayload = {}, header: object = {}) => `Bearer ${await bot.sign(change, header)}`;

beforeAll(async () => {
  bot = await botKeys();
});
afterAll(() => bot.close());

describe('what comes in from Teams', () => {
  it('is believed where all of it is right, and the keys are asked for once', async () => {
    const verify = verifier();
    const before = bot.asked();
    for (let count = 0; count < 5; count += 1)
      expect(await verify(await bearer(), text)).toMatchObject({ type: 'invoke', from: { aadObjectId: person } });
    expect(bot.asked() - before).toBe(1);
  });

  it.each([
    [-4 * 60, true],
    [-6 * 60, false],
  ])('an expiry %i s away is within the documented skew: %s', async (seconds, believed) => {
    const exp = Math.floor(Date.now() / 1000) + seconds;
    const outcome = verifier()(await bearer({ exp, nbf: exp - 3600 }), text);
    if (believed) await outcome;
    else expect(await faultOf(outcome)).toMatchObject({ disposition: 'refuse', status: 401 });
  });

  it('takes a key that was published later', async () => {
    const verify = verifier();
    await verify(await bearer(), text);
    const fresh = await generateKeyPair('RS256');
    bot.keys.push({ ...(await exportJWK(fresh.publicKey)), kid: 'k2', use: 'sig', endorsements: ['msteams'] });
    const token = await bot.sign({}, { kid: 'k2' }, fresh.privateKey);
    // Keys are asked for again after 30 s at the earliest; another verifier has none yet.
    expect(await faultOf(verify(`Bearer ${token}`, text))).toMatchObject({ status: 401 });
    expect(await verifier()(`Bearer ${token}`, text)).toMatchObject({ type: 'invoke' });
    bot.keys.pop();
  });

  it('waits where the keys cannot be had: that is no fault of the caller', async () => {
    const gone = await botKeys();
    await gone.close();
    const token = `Bearer ${await gone.sign()}`;
    expect(await faultOf(verifier(gone)(token, text))).toMatchObject({ disposition: 'retry', code: 'no-keys' });
  });

  it.each([
    'https://smba.trafficmanager.net.evil.example/',
    'https://evil.example/smba.trafficmanager.net/',
    'https://smba.trafficmanager.net@evil.example/',
    'http://smba.trafficmanager.net/emea/',
    'http://127.0.0.1:3978/',
    'https://smba.infra.gov.teams.microsoft.us/teams/',
  ])('is not believed from %s, though token and activity agree on it', async (serviceUrl) => {
    const fault = await faultOf(
      verifier()(await bearer({ serviceurl: serviceUrl }), JSON.stringify(activity({ serviceUrl }))),
    );
    expect(fault).toMatchObject({ disposition: 'refuse', status: 403 });
  });

  it.each([
    ['without an object id', { from: { id: '29:1abc', name: 'Alex Wilber' } }],
    ['with an object id that is none', { from: { id: '29:1abc', aadObjectId: 'alex' } }],
    ['without a tenant', { conversation: { id: '19:x' }, channelData: undefined }],
    ['with two tenants', { channelData: { tenant: { id: person } } }],
  ])('is not believed %s', async (_what, change) => {
    expect(await faultOf(verifier()(await bearer(), JSON.stringify(activity(change))))).toMatchObject({ status: 403 });
  });

  it('has the issuer and the hosts of its own cloud', async () => {
    const cloud = { ...clouds['gcc-high'], keysUrl: bot.cloud.keysUrl };
    const verify = verifierOf({ cloud, appId, tenantId, local: false, clock });
    const own = { iss: 'https://api.botframework.us', serviceurl: 'https://smba.infra.gov.teams.microsoft.us/teams/' };
    const there = JSON.stringify(activity({ serviceUrl: own.serviceurl }));
    expect(await verify(await bearer(own), there)).toMatchObject({ type: 'invoke' });
    expect(await faultOf(verify(await bearer({ ...own, iss: clouds.public.issuer }), there))).toMatchObject({
      status: 401,
    });
    expect(await faultOf(verify(await bearer({ iss: own.iss }), text))).toMatchObject({ status: 403 });
  });

  it('tells the caller nothing about why', async () => {
    const faults = [await faultOf(verifier()(null, text)), await faultOf(verifier()(await bearer(), '{}'))];
    expect(faults.map(({ message }) => message)).toEqual([
      'This call is not from Teams.',
      'This call is not from Teams.',
    ]);
    expect(faults.map(({ status }) => status)).toEqual([401, 403]);
  });

  it('reads the body only once the token is believed', async () => {
    expect(await faultOf(verifier()(null, 'x'.repeat(1_000_000)))).toMatchObject({ status: 401 });
    expect(await faultOf(verifier()(await bearer(), 'x'.repeat(1_000_000)))).toMatchObject({ status: 413 });
  });
});
