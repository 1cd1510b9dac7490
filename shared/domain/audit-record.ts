import { z } from 'zod';
import type { Json } from './json.ts';
import type { Entry } from './ledger.ts';
import { undoneKey } from './undo.ts';

/** How something ended: the three states of the product's audit query, and `refused`, which is a guard, a rule or a person saying no. */
export const auditStates = ['success', 'error', 'authorization-failure', 'refused'] as const;

/** One entry of the ledger as a row that can be searched: who, what, on whom, where, when, and how it ended. Empty text: it does not say. */
export interface AuditRecord {
  readonly time: string;
  readonly journal: string;
  readonly sequence: number;
  /** Hash of the entry, by which an export proves that the record is of it. */
  readonly hash: string;
  /** Type of the entry. */
  readonly entry: string;
  readonly actor: string;
  /** Object id of the identity it is about. */
  readonly identity: string;
  readonly username: string;
  readonly systemType: string;
  readonly system: string;
  readonly systemName: string;
  /** An action, or what the engine or a person did. */
  readonly task: string;
  readonly resource: string;
  readonly resourceType: string;
  readonly role: string;
  readonly state: string;
  readonly risk: string;
  readonly playbook: string;
  readonly source: string;
  readonly rule: string;
  readonly says: string;
}

/** A record that somebody else may have written, checked. */
export const auditRecordSchema = z.object({
  time: z.string(),
  journal: z.string(),
  sequence: z.int().positive(),
  hash: z.string(),
  entry: z.string(),
  actor: z.string(),
  identity: z.string(),
  username: z.string(),
  systemType: z.string(),
  system: z.string(),
  systemName: z.string(),
  task: z.string(),
  resource: z.string(),
  resourceType: z.string(),
  role: z.string(),
  state: z.string(),
  risk: z.string(),
  playbook: z.string(),
  source: z.string(),
  rule: z.string(),
  says: z.string(),
}) satisfies z.ZodType<AuditRecord>;

/** Every field, in the order in which it is shown. */
export const auditColumns = [
  'time',
  'username',
  'task',
  'resource',
  'state',
  'systemName',
  'role',
  'risk',
  'actor',
  'playbook',
  'says',
  'resourceType',
  'systemType',
  'system',
  'identity',
  'source',
  'rule',
  'entry',
  'journal',
  'sequence',
  'hash',
] as const satisfies readonly (keyof AuditRecord)[];

/** What the earlier entries of a journal tell about the later ones. */
interface Context {
  readonly about: Partial<AuditRecord>;
  readonly steps: ReadonlyMap<string, Step>;
}

/* Loose on purpose: an entry of a kind that came later is still a record, and says less. */
const text = z.string().catch('');
const opened = z.object({
  alert: text,
  rule: text,
  source: text,
  playbook: z.object({ name: text, version: z.number().catch(0) }).catch({ name: '', version: 0 }),
  identity: z.object({ id: text, userPrincipalName: text }).catch({ id: '', userPrincipalName: '' }),
  system: z.object({ type: text, id: text, name: text }).catch({ type: '', id: '', name: '' }),
});
const received = z.object({
  alert: z.object({
    rule: text,
    source: text,
    title: text,
    system: z.object({ type: text, id: text }).catch({ type: '', id: '' }),
  }),
});
const callSchema = z.object({ to: text, path: text });
const stepSchema = z.object({
  key: z.string(),
  action: text,
  risk: text,
  summary: text,
  before: z.custom<Json>(),
  after: z.custom<Json>(),
  calls: z.array(callSchema).catch([]),
});
type Step = z.infer<typeof stepSchema>;
const planned = z.object({ plans: z.array(z.object({ steps: z.array(z.unknown()) })) });
const refusals = z.array(z.object({ guard: text, reason: text })).catch([]);
const dataSchema = z.object({
  step: text,
  code: text,
  reason: text,
  message: text,
  summary: text,
  outcome: text,
  what: text,
  by: text,
  source: text,
  choice: z.string().nullable().catch(null),
  choices: z.array(z.object({ refusals })).catch([]),
  proof: z.object({ claim: text, verdict: text, reason: text }).catch({ claim: '', verdict: '', reason: '' }),
  control: z
    .object({ kind: text, scope: text, name: z.string().nullable().catch(null), reason: text })
    .nullable()
    .catch(null),
});
type Data = z.infer<typeof dataSchema>;

/** Every entry of a journal as a record. Pure: the same journal gives the same records, and an entry that is added changes none before it. */
export function auditRecords(entries: readonly Entry[]): readonly AuditRecord[] {
  let context: Context = { about: {}, steps: new Map() };
  return entries.map((entry) => {
    context = contextAfter(context, entry);
    return recordOf(entry, context);
  });
}

function contextAfter(context: Context, { type, data }: Entry): Context {
  if (type === 'run-opened') return { ...context, about: aboutRun(data) };
  if (type === 'alert-received') return { ...context, about: aboutAlert(data) };
  const plans = type === 'planned' ? planned.safeParse(data).data?.plans : undefined;
  if (!plans) return context;
  const steps = new Map(context.steps);
  for (const one of plans.flatMap((plan) => plan.steps)) {
    const step = stepSchema.safeParse(one).data;
    if (step) steps.set(step.key, step);
  }
  return { ...context, steps };
}

function aboutRun(data: Json): Partial<AuditRecord> {
  const run = opened.safeParse(data).data;
  if (!run) return {};
  const { rule, source, playbook, identity, system } = run;
  return {
    rule,
    source,
    playbook: playbook.name,
    identity: identity.id,
    username: identity.userPrincipalName,
    systemType: system.type,
    system: system.id,
    systemName: system.name,
  };
}

function aboutAlert(data: Json): Partial<AuditRecord> {
  const alert = received.safeParse(data).data?.alert;
  if (!alert) return {};
  return { rule: alert.rule, source: alert.source, systemType: alert.system.type, system: alert.system.id };
}

const silent: Omit<AuditRecord, 'time' | 'journal' | 'sequence' | 'hash' | 'entry' | 'actor'> = {
  identity: '',
  username: '',
  systemType: '',
  system: '',
  systemName: '',
  task: '',
  resource: '',
  resourceType: '',
  role: '',
  state: '',
  risk: '',
  playbook: '',
  source: '',
  rule: '',
  says: '',
};

/** A record is for finding an entry, and the entry has the rest: characters at most. */
const mostSaid = 1000;
const mostNamed = 4000;

function recordOf(entry: Entry, { about, steps }: Context): AuditRecord {
  const { time, journal, sequence, hash, type, actor } = entry;
  const data = dataSchema.parse(entry.data);
  const step = steps.get(undoneKey(data.step) ?? data.step);
  const told = { ...silent, ...about, ...tell(type, data), ...(step ? aboutStep(step, data) : {}) };
  const says = told.says.slice(0, mostSaid);
  const resource = told.resource.slice(0, mostNamed);
  return { ...told, says, resource, time, journal, sequence, hash, entry: type, actor };
}

function aboutStep(step: Step, data: Data): Partial<AuditRecord> {
  const { action, risk, calls, before, after } = step;
  return {
    task: undoneKey(data.step) === null ? action : `undo-${action}`,
    risk,
    resource: [...new Set(calls.map(({ path }) => path))].join(' '),
    resourceType: [...new Set(calls.map(resourceTypeOf))].join(' '),
    role: rolesIn([before, after]).join(', '),
  };
}

function resourceTypeOf({ to, path }: z.infer<typeof callSchema>): string {
  if (/accessKey/i.test(path)) return 'access-key';
  if (/roleAssignments/i.test(path)) return 'role-assignment';
  if (to === 'graph') return 'user';
  return to === 'exclusions' ? 'exclusion' : to;
}

/** Roles in the words of an action: `Contributor on /subscriptions/…`. */
function rolesIn(values: readonly Json[]): readonly string[] {
  const texts = values.flatMap(textsIn).flatMap((one) => /^(.{1,128}) on \//.exec(one)?.[1] ?? []);
  return [...new Set(texts)];
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [];
}

/** What an entry says by itself. Its type is the task where there is no better word. */
function tell(type: string, data: Data): Partial<AuditRecord> {
  const told = tellers.get(type);
  return { task: type, says: data.reason || data.summary || data.message, ...told?.(data) };
}

type Teller = (data: Data) => Partial<AuditRecord>;

const tellers: ReadonlyMap<string, Teller> = new Map<string, Teller>([
  ['alert-received', () => ({ task: 'receive-alert' })],
  ['alert-answered', () => ({ task: 'answer-alert' })],
  [
    'alert-refused',
    ({ source, code, message }) => ({ task: 'receive-alert', state: 'refused', source, says: `${code}: ${message}` }),
  ],
  [
    'refused',
    ({ what, code, reason }) => ({ task: `${what}`, state: 'authorization-failure', says: `${code}: ${reason}` }),
  ],
  ['run-opened', () => ({ task: 'open-run' })],
  ['proved', ({ proof }) => ({ task: 'prove', says: `${proof.claim}: ${proof.verdict}, ${proof.reason}` })],
  ['planned', () => ({ task: 'plan' })],
  ['guarded', guarded],
  ['asked', () => ({ task: 'ask' })],
  [
    'decided',
    ({ choice, reason }) => ({
      task: choice === null ? 'reject' : 'approve',
      state: choice === null ? 'refused' : 'success',
      says: [choice, reason].filter(Boolean).join(': '),
    }),
  ],
  ['step-intended', () => ({ says: 'intended' })],
  ['step-applied', () => ({ says: 'sent' })],
  ['step-verified', ({ by }) => ({ state: 'success', says: by })],
  ['step-failed', ({ code, reason }) => ({ state: stateOfFailure(code), says: `${code}: ${reason}` })],
  ['held', () => ({ task: 'hold', state: 'refused' })],
  ['plan-voided', () => ({ task: 'void-plan' })],
  ['undo-decided', () => ({ task: 'undo', state: 'success' })],
  [
    'undo-ended',
    ({ outcome, reason }) => ({
      task: 'end-undo',
      state: outcome === 'partly-undone' ? 'error' : 'success',
      says: `${outcome}: ${reason}`,
    }),
  ],
  [
    'run-ended',
    ({ outcome, reason }) => ({ task: 'end-run', state: stateOfOutcome(outcome), says: `${outcome}: ${reason}` }),
  ],
  [
    'control-set',
    ({ control }) => ({
      task: control?.kind ?? 'stop',
      state: 'success',
      resource: control?.name ?? 'everything',
      resourceType: control?.scope ?? '',
      says: control?.reason ?? '',
    }),
  ],
  ['call-begun', () => ({ task: 'begin-call' })],
  ['call-ended', ({ outcome }) => ({ task: 'call', state: outcome })],
  ['controls-released', () => ({ task: 'release', state: 'success' })],
]);

function guarded({ choices }: Data): Partial<AuditRecord> {
  const reasons = choices.flatMap((choice) => choice.refusals.map(({ guard, reason }) => `${guard}: ${reason}`));
  return { task: 'guard', state: reasons.length === 0 ? 'success' : 'refused', says: [...new Set(reasons)].join('; ') };
}

/** A far side that says 403, or 412 for what nobody may do, is the product's "authorization failure". */
function stateOfFailure(code: string): string {
  return /forbidden|denied|authorization/i.test(code) ? 'authorization-failure' : 'error';
}

function stateOfOutcome(outcome: string): string {
  if (outcome === 'failed') return 'error';
  return ['done', 'nothing-to-do', 'observed'].includes(outcome) ? 'success' : 'refused';
}
