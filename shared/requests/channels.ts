import type { HttpRequest } from '@azure/functions';
import { Fault, toFault } from '../domain/fault.ts';
import { type JsonObject, toJson } from '../domain/json.ts';
import type { Answer } from '../edge.ts';
import { auditRefusal } from '../engine/audit.ts';
import { click, stray } from '../engine/click.ts';
import type { Engine } from '../engine/engine.ts';
import { type Presenting, presentDue, presentRun } from '../engine/present.ts';
import type { Caller } from '../ports.ts';
import type { CameIn, Door, Installations } from '../ports-channels.ts';

/** What channels send to us, and what we show in them. */
export interface ChannelRequests {
  /** A call of the Bot Connector. */
  teamsMessage(request: HttpRequest): Promise<Answer>;
  /** Where the Teams app was installed. */
  readTeams(): Promise<Answer>;
  /** Posts a card that asks nothing. */
  testCard(caller: Caller): Promise<Answer>;
  /** Shows what is behind. */
  presentDue(): Promise<number>;
}

/** Microsoft Teams, where it is set up. */
export interface Teams {
  readonly door: Door;
  readonly installations: Installations;
  /** Posts a test card for somebody, and returns where; null while no channel is chosen. */
  readonly test: ((by: string) => Promise<string>) | null;
}

/** Where people are asked, as the settings have it. */
export interface Asking {
  readonly presenting: Presenting;
  readonly teams: Teams | null;
}

/** Loaded when it is first needed, since a start that asks nobody has no use for cards; null where nobody is asked anywhere. */
export type LoadAsking = () => Promise<Asking | null>;

/** The requests of channels. Where Teams is not set up there is nothing to be believed, so nothing is answered. */
export function channelRequestsOf(engine: Engine, load: LoadAsking): ChannelRequests {
  const setUp = async (): Promise<Teams> => {
    const teams = (await load())?.teams;
    if (teams) return teams;
    throw new Fault('reject', 'no-teams', 'Teams is not set up here.', { status: 404 });
  };
  return {
    teamsMessage: async (request) => {
      const { door, installations } = await setUp();
      const came = await cameIn(engine, door, request);
      return 'status' in came ? came : { status: 200, body: await answerTo(engine, { door, installations }, came) };
    },
    readTeams: async () => {
      const { installations } = await setUp();
      return { status: 200, body: { installations: (await installations.list()).map(toJson) } };
    },
    testCard: async (caller) => {
      const { test } = await setUp();
      if (!test)
        throw new Fault('reject', 'no-channel', 'TEAMS_CHANNEL is not set; quell teams lists where the app is.');
      return { status: 200, body: { posted: await test(caller.name) } };
    },
    presentDue: async () => {
      const asking = await load();
      return asking ? presentDue(asking.presenting) : 0;
    },
  };
}

/** What came in, or the bare refusal of what is not authentic: who it came from is told nothing, the audit journal is. */
async function cameIn(
  engine: Engine,
  door: Door,
  request: HttpRequest,
): Promise<CameIn | Extract<Answer, { text: string }>> {
  try {
    return await door.open(request.headers.get('authorization'), await request.text());
  } catch (error) {
    const fault = toFault(error);
    if (fault.disposition !== 'refuse' && fault.disposition !== 'reject') throw fault;
    const { code, status, detail = null } = fault;
    const message = `${fault.message} ${JSON.stringify(detail)}`;
    const nobody = { what: 'decision', channel: 'teams', run: null, by: null, byName: null } as const;
    await auditRefusal(engine, nobody, { code, message });
    return { status, text: '', contentType: 'text/plain' };
  }
}

async function answerTo(
  engine: Engine,
  { door, installations }: Omit<Teams, 'test'>,
  came: CameIn,
): Promise<JsonObject> {
  switch (came.kind) {
    case 'click':
      return door.answer(await click(engine, came));
    case 'stray':
      return door.answer(await stray(engine, came));
    case 'installed':
      await installations.put(came.installation);
      engine.log.warn(came.installation, 'the Teams app was installed');
      return {};
    case 'removed':
      await installations.remove(came.id);
      engine.log.warn({ id: came.id }, 'the Teams app was removed');
      return {};
    case 'other':
      return {};
  }
}

/** Shows a run that has moved, whatever became of moving it. */
export function showing(load: LoadAsking): (run: string, move: () => Promise<void>) => Promise<void> {
  return async (run, move) => {
    try {
      await move();
    } finally {
      const asking = await load();
      if (asking) await presentRun(asking.presenting, run);
    }
  };
}
