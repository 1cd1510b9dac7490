import { z } from 'zod';
import { jsonSchema } from '../shared/domain/json.ts';
import { planSchema } from '../shared/domain/plan.ts';
import { exactLines } from '../shared/domain/timeline.ts';
import { bold, dim } from './render.ts';

const differenceSchema = z.object({ at: z.string(), recorded: jsonSchema, decided: jsonSchema });
const entrySchema = z.object({
  journal: z.string(),
  sequence: z.number(),
  type: z.string(),
  verdict: z.string(),
  because: z.string().nullable(),
  differences: z.array(differenceSchema),
});
const wouldSchema = z.object({
  identity: z.object({ displayName: z.string(), userPrincipalName: z.string() }),
  mode: z.string(),
  move: z.string(),
  because: z.string(),
  proof: z.object({ verdict: z.string(), reason: z.string(), claim: z.string() }).nullable(),
  plans: z.array(planSchema),
});

/** One result of a replay, of whatever kind. */
export const replayResultSchema = z.object({
  journal: z.string(),
  failed: z.object({ code: z.string(), message: z.string() }).optional(),
  verdict: z.string().optional(),
  recorded: z.string().optional(),
  decided: z.string().optional(),
  decisions: z.number().optional(),
  entries: z.array(entrySchema).optional(),
  summary: z.string().optional(),
  considered: z.array(z.object({ playbook: z.string(), version: z.number(), against: z.array(z.string()) })).optional(),
  would: z.array(wouldSchema).optional(),
  left: z.array(z.object({ who: z.string(), reason: z.string() })).optional(),
  redriven: z.boolean().optional(),
});
export type ReplayResult = z.infer<typeof replayResultSchema>;

export const replayPageSchema = z.object({
  results: z.array(replayResultSchema),
  next: z.string().nullable(),
  looked: z.number(),
});

/** Histories that were decided again: those that differ, whole; the others only counted. */
export function explainedLines(results: readonly ReplayResult[]): readonly string[] {
  const told = results.flatMap((one) => (one.verdict === 'same' && results.length > 1 ? [] : explained(one)));
  const count = (verdict: string) => results.filter((one) => one.verdict === verdict).length;
  const failed = results.filter((one) => one.failed).length;
  const sum = `${results.length} histories decided again: ${count('same')} the same, ${count('different')} different, ${count('unknown')} unknown`;
  return [...told, failed === 0 ? sum : `${sum}, ${failed} failed`];
}

function explained({ journal, failed, verdict = '', decisions = 0, recorded = '', entries = [] }: ReplayResult) {
  if (failed) return [`${bold(journal)}  ${failed.message}`];
  return [
    `${bold(journal)}  ${verdict}: ${decisions} entries, decisions ${recorded.slice(0, 12)}`,
    ...entries.flatMap((one) => [
      `  ${one.sequence} ${one.type}: ${one.verdict}${one.because === null ? '' : `, ${one.because}`}`,
      ...one.differences.map(
        (found) => `      ${found.at}: ${short(found.recorded)} then, ${short(found.decided)} now`,
      ),
    ]),
  ];
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** What today's playbooks would do, and why others would not. */
export function whatIfLines(results: readonly ReplayResult[]): readonly string[] {
  const told = results.flatMap((one) =>
    one.failed ? [`${bold(one.journal)}  ${one.failed.message}`] : [bold(one.journal), ...wouldLines(one)],
  );
  return [...told, dim(`${results.length} alerts asked about; nothing was changed`)];
}

function wouldLines({ summary = '', considered = [], would = [], left = [] }: ReplayResult): readonly string[] {
  return [
    `  ${summary}`,
    ...considered
      .filter(({ against }) => against.length > 0)
      .map(({ playbook, version, against }) => dim(`  not ${playbook}@${version}: ${against.join('; ')}`)),
    ...left.map(({ who, reason }) => dim(`  left out ${who}: ${reason}`)),
    ...would.flatMap((one) => [
      `  ${one.identity.displayName} (${one.identity.userPrincipalName}), mode ${one.mode}: ${one.because}`,
      ...(one.proof ? [dim(`    ${one.proof.claim}: ${one.proof.verdict}, ${one.proof.reason}`)] : []),
      ...one.plans.flatMap((plan) => [
        `    [${plan.choice}] ${plan.label}`,
        ...exactLines(plan).map((line) => dim(`  ${line}`)),
      ]),
    ]),
  ];
}

export function redrivenLines(results: readonly ReplayResult[]): readonly string[] {
  const told = results.map((one) => `  ${one.journal}  ${one.failed ? one.failed.message : 'goes on'}`);
  return [...told, `${results.filter((one) => one.redriven).length} go on from where they failed`];
}
