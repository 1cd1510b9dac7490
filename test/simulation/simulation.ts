import { InvocationContext } from '@azure/functions';
import { Fault, toFault } from '../../shared/domain/fault.ts';
import { queue, timer } from '../../shared/edge.ts';
import type { Engine } from '../../shared/engine/engine.ts';
import { tick } from '../../shared/engine/tick.ts';
import { turnsOf } from '../../shared/engine/turns.ts';
import { requestsOf } from '../../shared/requests/requests.ts';
import { plainSource, type Stack } from '../support/engine.ts';
import { through } from './fault-points.ts';
import {
  type Effect,
  type Fiber,
  flightMs,
  isPersons,
  type Policy,
  type Process,
  restedRun,
  settled,
  type Token,
} from './fiber.ts';
import { type Hints, hintsOf, type Message } from './hints.ts';
import type { Random } from './random.ts';
import { note, type Record, stir } from './record.ts';
import { type Caller, recording } from './recording.ts';

/** How long a queue waits for whoever took a message before it gives it to another. */
const lockMs = 30_000;

interface Start {
  readonly record: Record;
  readonly random: Random;
  readonly limits: Partial<Engine['limits']>;
  /** How many work at a time. */
  readonly processes: number;
}

interface Late {
  readonly at: number;
  readonly token: Token;
}

const context = new InvocationContext({ functionName: 'simulation', invocationId: 'simulation' });

/** The real engine on one stack, in several processes at once, every one of its port calls let go one by one. */
export class Simulation {
  readonly stack: Stack;
  readonly record: Record;
  readonly hints: Hints;
  readonly halts: string[] = [];
  policy: Policy;
  tokens: Token[] = [];
  fibers: Fiber[] = [];
  readonly #base: Engine;
  readonly #caller: Caller = { fiber: null, dispatched: 0, order: 0 };
  #late: Late[] = [];
  #processes: Process[] = [];
  #named = 0;
  #fiberCount = 0;
  #begun = false;

  constructor(stack: Stack, policy: Policy, { record, random, limits, processes }: Start) {
    this.stack = stack;
    this.policy = policy;
    this.record = record;
    this.hints = hintsOf(() => this.now, random);
    this.#base = {
      ...recording(stack, record, this.#caller),
      bus: this.hints.bus,
      sleep: async () => {},
      limits: { ...stack.engine.limits, ...limits },
      log: { info: () => {}, warn: () => {}, error: (fields) => this.#noteHalt(fields) },
    };
    this.#processes = Array.from({ length: processes }, () => this.#newProcess());
  }

  get now(): number {
    return this.stack.clock.ms();
  }

  /** The number of something that happens outside. */
  order(): number {
    this.#caller.order += 1;
    return this.#caller.order;
  }

  /** Starts an invocation; `end` hears what came of it, unless its process dies. */
  start(task: string, work: (engine: Engine) => Promise<unknown>, end: (error: unknown) => void = () => {}): Fiber {
    this.#fiberCount += 1;
    const process = this.#processes[this.#fiberCount % this.#processes.length] ?? this.#newProcess();
    const skewMs = this.policy.skewMs();
    const fiber: Fiber = { id: this.#fiberCount, task, process, skewMs, pausedUntil: 0, done: false };
    this.fibers.push(fiber);
    this.#begun = true;
    this.say(fiber, 'begins');
    const over = (error: unknown) => {
      this.#finish(fiber);
      this.say(fiber, error ? `ends: ${toFault(error).code}` : 'ends');
      if (error && !(error instanceof Fault)) this.halts.push(`${task}: ${String(error)}`);
      end(error);
    };
    work(this.#engineOf(fiber)).then(() => over(null), over);
    return fiber;
  }

  /** The timer. */
  tick(): Fiber {
    return this.start('tick', (engine) => timer(engine, () => tick(engine))(null, context));
  }

  /** Hands a message to an invocation, the way the edge does. */
  deliver(message: Message): void {
    message.deliveries += 1;
    const fiber = this.start(
      `message ${JSON.stringify(message.body)}`,
      (engine) => {
        const requests = requestsOf({ engine, queueSource: plainSource, shown: (_run, move) => move() });
        const { body } = message;
        return queue(engine, context, async () =>
          message.queue === 'runs' ? requests.runMessage(body) : requests.alertMessage(body),
        );
      },
      (error) => {
        if (message.lockedBy !== fiber) return;
        if (error && message.deliveries < 10) this.#giveBack(message, 0);
        else this.#settle(message);
      },
    );
    message.lockedBy = fiber;
  }

  /** Whoever still thinks has thought enough. */
  hurryPeople(): void {
    for (const token of this.tokens) if (isPersons(token.fiber)) token.wake = Math.min(token.wake, this.now);
  }

  /** Runs that have a call on its way, or about to leave. */
  inFlight(): string[] {
    const tokens = [...this.tokens, ...this.#late.map(({ token }) => token)];
    return tokens.flatMap(({ point, given }) =>
      point === 'effects.send' ? [String(given[1]).split(':')[0] ?? ''] : [],
    );
  }

  /** Runs of which somebody is about to write down what they decided. */
  deciding(): string[] {
    const writing = this.tokens.filter(({ point, fiber }) => point === 'ledger.append' && isPersons(fiber));
    return writing.flatMap(({ given: [journal] }) => (String(journal).startsWith('run-') ? [String(journal)] : []));
  }

  /** Runs that somebody who sleeps will put to rest on waking, by what they knew before. */
  resting(): string[] {
    return this.tokens.flatMap((token) => (token.fiber.pausedUntil > this.now ? (restedRun(token) ?? []) : []));
  }

  /** Until whatever was just begun waits at a port. */
  async arrive(): Promise<void> {
    if (!this.#begun) return;
    this.#begun = false;
    await settled();
  }

  /** Tokens that could be let go now. */
  runnable(): Token[] {
    return this.tokens.filter(({ wake, fiber }) => wake <= this.now && fiber.pausedUntil <= this.now);
  }

  /** Messages that could be taken now: their session is free. */
  deliverable(): Message[] {
    const { messages } = this.hints;
    const busy = new Set(messages.filter(({ lockedBy }) => lockedBy !== null).map(({ session }) => session));
    return messages.filter(
      ({ lockedBy, from, session }) =>
        lockedBy === null && from <= this.now && (session === null || !busy.has(session)),
    );
  }

  /** How many messages are being worked on. */
  working(): number {
    return this.hints.messages.filter(({ lockedBy }) => lockedBy !== null).length;
  }

  /** Lets a call go, to what the policy has in store for it. */
  async letGo(token: Token, fate = this.policy.fate(token)): Promise<void> {
    note(this.record, token.point, fate.fate, this.now);
    this.say(token.fiber, `${token.point} ${inWords(token)} ${fate.fate === 'through' ? '' : JSON.stringify(fate)}`);
    if (fate.fate === 'pause') return this.#pause(token.fiber, fate.ms);
    this.tokens.splice(this.tokens.indexOf(token), 1);
    if (fate.fate === 'phantom') token.resolve(null);
    else if (fate.fate === 'through') this.#make(token).then(token.resolve, token.reject);
    else if (fate.fate === 'hold') this.#hold(token, fate.ms);
    else {
      this.#effect(token, fate.effect);
      await settled();
      if (fate.fate === 'die') this.kill(token.fiber.process);
      else this.#refuse(token, fate.error);
    }
    await settled();
  }

  /** Ends a process: nothing that happens in it goes on; messages it had taken come back, or do not. */
  kill(process: Process): void {
    process.dead = true;
    this.record.crashes += 1;
    for (const fiber of this.fibers) if (fiber.process === process) this.#giveUp(fiber, lockMs);
    this.tokens = this.tokens.filter(({ fiber }) => fiber.process !== process);
    this.fibers = this.fibers.filter((fiber) => fiber.process !== process);
    this.#processes = this.#processes.map((one) => (one === process ? this.#newProcess() : one));
  }

  /** When something can happen next that cannot now; null where nothing ever will. */
  async nextTime(): Promise<number | null> {
    const [open] = await this.stack.engine.index.due('9999-01-01T00:00:00.000Z', 1);
    const times = [
      ...(open ? [Date.parse(open.due)] : []),
      ...this.tokens.map(({ wake, fiber }) => Math.max(wake, fiber.pausedUntil)),
      ...this.#late.map(({ at }) => at),
      ...this.hints.messages.map(({ from }) => from),
    ].filter((at) => at > this.now);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Lets time pass. What is on its way arrives, and nobody stands still longer than `flightMs` while sending. */
  async advance(to: number): Promise<void> {
    for (;;) {
      const late = this.#late.filter(({ at }) => at <= to).sort((one, other) => one.at - other.at)[0];
      const held = this.tokens.find(({ point, at }) => point === 'effects.send' && at + flightMs < to);
      if (!late && !held) break;
      if (held && (!late || held.at + flightMs < late.at)) {
        this.#moveTo(held.at + flightMs);
        await this.letGo(held, { fate: 'through' });
      } else if (late) {
        this.#late.splice(this.#late.indexOf(late), 1);
        this.#moveTo(late.at);
        this.say(late.token.fiber, `${late.token.point} ${inWords(late.token)} arrives late`);
        this.#make(late.token).catch(() => {});
        await settled();
      }
    }
    this.#moveTo(to);
  }

  say(fiber: Fiber | null, text: string): void {
    if (!this.record.lines) return;
    const who = fiber ? `${fiber.process.name} #${fiber.id} ${fiber.task}` : 'outside';
    this.record.lines.push(`${new Date(this.now).toISOString()}  ${who}: ${text}`);
  }

  #moveTo(ms: number): void {
    this.stack.clock.moveTo(new Date(ms).toISOString());
  }

  #newProcess(): Process {
    this.#named += 1;
    return { name: `worker-${this.#named}`, dead: false, turns: turnsOf() };
  }

  #engineOf(fiber: Fiber): Engine {
    const clock = () => new Date(this.now + fiber.skewMs).toISOString();
    const { name: worker, turns } = fiber.process;
    return through({ ...this.#base, clock, turns, worker }, (point, given, call) => {
      return new Promise((resolve, reject) => {
        if (fiber.process.dead) return;
        const ms = point === 'sleep' ? Number(given[0]) : 0;
        this.tokens.push({ fiber, point, given, at: this.now, wake: this.now + ms, call, resolve, reject });
      });
    });
  }

  async #make(token: Token): Promise<unknown> {
    this.#caller.fiber = token.fiber;
    this.#caller.dispatched = token.at;
    return token.call();
  }

  #hold(token: Token, ms: number): void {
    const answer = this.#make(token);
    answer.catch(() => {});
    this.tokens.push({ ...token, point: 'answer', call: () => answer, wake: this.now + ms });
  }

  #effect(token: Token, effect: Effect): void {
    if (effect === 'before') this.#make(token).catch(() => {});
    if (typeof effect === 'object')
      this.#late.push({ at: Math.min(this.now + effect.lateMs, token.at + flightMs), token });
  }

  #refuse(token: Token, error: Error): void {
    const wait = error instanceof Fault ? (error.retryAfterMs ?? 0) : 0;
    if (wait > 0) this.record.waits.push({ at: this.now, until: this.now + wait });
    if (token.point === 'effects.send' && wait > 0)
      this.record.throttled.push({
        fiber: token.fiber.id,
        key: String(token.given[1]),
        order: this.record.sends.length,
        at: this.now,
        until: this.now + wait,
      });
    token.reject(error);
  }

  #pause(fiber: Fiber, ms: number): void {
    fiber.pausedUntil = this.now + ms;
    this.#giveUp(fiber, Math.min(ms, lockMs));
  }

  /** Whoever waits for the fiber waits no longer. */
  #giveUp(fiber: Fiber, afterMs: number): void {
    for (const message of this.hints.messages.filter(({ lockedBy }) => lockedBy === fiber)) {
      if (this.policy.keeps(message)) this.#giveBack(message, afterMs);
      else this.#settle(message);
    }
  }

  #giveBack(message: Message, afterMs: number): void {
    message.lockedBy = null;
    message.from = this.now + afterMs;
  }

  #settle(message: Message): void {
    const at = this.hints.messages.indexOf(message);
    if (at >= 0) this.hints.messages.splice(at, 1);
  }

  #finish(fiber: Fiber): void {
    fiber.done = true;
    const at = this.fibers.indexOf(fiber);
    if (at >= 0) this.fibers.splice(at, 1);
  }

  #noteHalt(fields: object): void {
    if ('disposition' in fields && fields.disposition === 'halt') {
      const { code } = { code: '', ...fields };
      const cause = 'cause' in fields ? String(fields.cause) : '';
      this.halts.push(`${code} ${cause}`.trim());
      stir(this.record, code);
    }
  }
}

function inWords({ point, given }: Token): string {
  if (point === 'ledger.appendAll') return `${String(given[0])} ${typesIn(given[2])}`;
  if (point === 'ledger.append') return `${String(given[0])} ${String(Reflect.get(Object(given[2]), 'type'))}`;
  if (point === 'effects.send')
    return `${String(Reflect.get(Object(given[0]), 'method'))} ${String(Reflect.get(Object(given[0]), 'path'))}`;
  return typeof given[0] === 'string' ? given[0] : '';
}

function typesIn(bodies: unknown): string {
  return Array.isArray(bodies) ? bodies.map((body: unknown) => Reflect.get(Object(body), 'type')).join(', ') : '';
}
