import { z } from 'zod';
import { Fault } from './fault.ts';
import type { Entry } from './ledger.ts';

/** How much a control stops. */
export const controlScopes = ['all', 'playbook', 'action'] as const;
export type ControlScope = (typeof controlScopes)[number];

/** Something that must not be done now, with who said so, when and why. Quell itself sets quarantines; only a person ends one. */
export const controlSchema = z.strictObject({
  kind: z.enum(['stop', 'quarantine']),
  scope: z.enum(controlScopes),
  /** Name of the playbook or action; null for everything. */
  name: z.string().min(1).nullable(),
  by: z.string(),
  byName: z.string(),
  at: z.iso.datetime(),
  reason: z.string().min(1).max(500),
});
export type Control = z.infer<typeof controlSchema>;

/** The controls that stop one action of one playbook. */
export function controlsOn(
  controls: readonly Control[],
  { playbook, action }: { playbook: string; action: string },
): readonly Control[] {
  const names: Readonly<Record<ControlScope, string | null>> = { all: null, playbook, action };
  return controls.filter(({ scope, name }) => scope === 'all' || name === names[scope]);
}

/** `everything`, `playbook inactive-user-delete`, `action delete-user` */
export function scopeInWords({ scope, name }: Pick<Control, 'scope' | 'name'>): string {
  return scope === 'all' ? 'everything' : `${scope} ${name}`;
}

/** A control in a sentence; the same control gives the same text. */
export function controlInWords(control: Control): string {
  const verb = control.kind === 'stop' ? 'stopped' : 'quarantined';
  return `${control.byName} ${verb} ${scopeInWords(control)}: ${control.reason}`;
}

/** The journal of every change of a control. */
export const controlJournal = 'controls';

/** Every entry that the journal of the controls can have. */
const controlEntrySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('control-set'), data: z.strictObject({ control: controlSchema }) }),
  z.strictObject({
    type: z.literal('controls-released'),
    data: z.strictObject({ byName: z.string(), reason: z.string(), controls: z.array(controlSchema) }),
  }),
]);
export type ControlEntry = z.infer<typeof controlEntrySchema>;

/** An entry of the controls' journal, checked. @throws Fault `halt` where the ledger holds something else */
export function controlEntryOf(entry: Entry): ControlEntry {
  const parsed = controlEntrySchema.safeParse({ type: entry.type, data: entry.data });
  if (parsed.success) return parsed.data;
  const message = `Entry ${entry.sequence} of ${entry.journal} is not one the controls can have.`;
  throw new Fault('halt', 'ledger-unreadable', message);
}

/** A change of a control in a sentence. */
export function controlEntryInWords(entry: ControlEntry): string {
  if (entry.type === 'control-set') return controlInWords(entry.data.control);
  const { byName, reason, controls } = entry.data;
  const what = [...new Set(controls.map(scopeInWords))].join(', ');
  return `${byName} released ${what}: ${reason}`;
}
