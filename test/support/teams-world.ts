import { HttpRequest, InvocationContext } from '@azure/functions';
import type { JWTPayload } from 'jose';
import { memoryCards } from '../../shared/adapters/memory/cards.ts';
import { memoryInstallations } from '../../shared/adapters/memory/installations.ts';
import { runCard } from '../../shared/channels/teams/card/card.ts';
import { teamsDoor } from '../../shared/channels/teams/inbound/door.ts';
import { verifierOf } from '../../shared/channels/teams/inbound/verify.ts';
import { picksOf } from '../../shared/domain/choice-id.ts';
import { toJson } from '../../shared/domain/json.ts';
import type { Run } from '../../shared/domain/run.ts';
import { httpOwnDoor } from '../../shared/edge.ts';
import type { Engine } from '../../shared/engine/engine.ts';
import { channelRequestsOf } from '../../shared/requests/channels.ts';
import { onlyRun, playbook, quiet, raise, stackOf } from './engine.ts';
import { activity, appId, botKeys, channel, tenantId } from './teams.ts';

export const page = (run: string) => `https://quell.example/approvals/${run}`;

/** What came back from the messaging endpoint. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  /** `card`, `message`, `error`, or null for what is not an answer to a click. */
  readonly kind: string | null;
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['application/vnd.microsoft.card.adaptive', 'card'],
  ['application/vnd.microsoft.activity.message', 'message'],
  ['application/vnd.microsoft.error', 'error'],
]);

/** The messaging endpoint of an engine, and a Bot Connector that signs for it. */
export async function endpointOf(engine: Engine) {
  const { clock, ledger, log } = engine;
  const bot = await botKeys(() => Date.parse(clock()));
  const verify = verifierOf({ cloud: bot.cloud, appId, tenantId, local: false, clock });
  const door = teamsDoor({ verify, channel, pageOf: page, clock });
  const installations = memoryInstallations();
  const presenting = { ledger, clock, log, cards: memoryCards(), channels: [] };
  const requests = channelRequestsOf(engine, async () => ({ presenting, teams: { door, installations, test: null } }));
  const handler = httpOwnDoor(engine, (request) => requests.teamsMessage(request));
  const send = async (init: {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
  }): Promise<Answered> => {
    const { method = 'POST', headers = {}, body } = init;
    const request = new HttpRequest({
      method,
      url: 'http://127.0.0.1/api/teams/messages',
      headers,
      ...(body === undefined ? {} : { body: { string: body } }),
    });
    const answer = await handler(request, new InvocationContext({ logHandler: () => undefined }));
    const text = String(answer.body ?? '');
    const type = text.startsWith('{') ? String(JSON.parse(text).type) : '';
    return { status: answer.status ?? 0, text, kind: kinds.get(type) ?? null };
  };
  const signed = async (body: string, claims: JWTPayload = {}, header: object = {}): Promise<Answered> => {
    const authorization = `Bearer ${await bot.sign(claims, header)}`;
    return send({ headers: { authorization, 'content-type': 'application/json' }, body });
  };
  return { bot, installations, send, signed, close: () => bot.close() };
}

/** Who presses a button. */
export interface Presser {
  readonly id: string;
  readonly name: string;
}

/** The click on the button of a choice (null rejects), as the card of the run has it. */
export function clickOn(run: Run, choice: string | null, by: Presser, reason?: string, change: object = {}): string {
  const pick = picksOf(run).find((one) => one.choice === choice)?.id;
  return clickWith({ run: run.id, pick, ...(reason === undefined ? {} : { reason }) }, by, change);
}

/** A click that sends this data. */
export function clickWith(data: unknown, by: Presser, change: object = {}): string {
  const value = { action: { type: 'Action.Execute', verb: 'quell.decide', data }, trigger: 'manual' };
  return JSON.stringify(activity({ from: { id: '29:1abc', name: by.name, aadObjectId: by.id }, value, ...change }));
}

/** Nobody waits that long in these tests. */
export const never = (): Promise<never> => new Promise(() => undefined);

/** An engine in memory with a run that asks, and its messaging endpoint. */
export async function teamsWorld() {
  const stack = stackOf([playbook('inactive-user-review')], 'approve');
  const { engine } = stack;
  await raise(engine);
  await quiet(stack, engine);
  const endpoint = await endpointOf({ ...engine, sleep: never });
  return {
    stack,
    engine,
    ...endpoint,
    run: () => onlyRun(stack),
    card: (run: Run) => toJson(runCard(run, page(run.id))),
  };
}
export type TeamsWorld = Awaited<ReturnType<typeof teamsWorld>>;
