import { later } from '../domain/duration.ts';
import { Fault, toFault } from '../domain/fault.ts';
import { firstBreak } from '../domain/ledger.ts';
import { rootOf } from '../domain/merkle.ts';
import { isSigned } from '../domain/public-key.ts';
import {
  hexOf,
  type Leaf,
  leafOf,
  type Seal,
  sealAfter,
  statementDigest,
  statementText,
  treeOf,
} from '../domain/seal.ts';
import type { Seals, Signer } from '../ports-custody.ts';
import { type Waiting, workOf } from './backlog.ts';
import type { Custody } from './custody.ts';

/** Items of the backlog that go under one seal, and seals made in a row. */
const perSeal = 1000;
const rounds = 20;

/** Where nothing happens a seal is made all the same, so that one that is too old shows that the newest were taken away. */
const quietMs = 60 * 60_000;

/**
 * Seals what was written since the last seal, until nothing is left. Two of these at the same time do no harm: a seal of one number
 * is kept once, and whoever comes second stops. Every seal is built on the one before, which is noted and copied first.
 * @returns how many seals were made
 * @throws Fault `halt` where the seals that stand are not the ones that were made: nothing is built on those
 */
export async function seal(custody: Custody): Promise<number> {
  const { signer } = custody;
  if (!signer) return 0;
  let latest = await custody.seals.latest();
  if (latest) checkSeal(latest);
  await noteSeals(custody, latest);
  await copySeals(custody, latest);
  for (let made = 0; made < rounds; made += 1) {
    const next = await sealOnce(custody, signer, latest);
    if (!next) return made;
    latest = next;
  }
  return rounds;
}

async function sealOnce(custody: Custody, signer: Signer, latest: Seal | null): Promise<Seal | null> {
  const { backlog, seals, copies, origin, clock, log } = custody;
  const { waiting, over } = await workOf(custody, 'seals', perSeal);
  const leaves = (await Promise.all(waiting.map((one) => leavesOf(custody, one)))).flat();
  const now = clock();
  const time = latest && latest.statement.time > now ? latest.statement.time : now;
  const quiet = latest === null || now < later(latest.statement.time, quietMs);
  if (leaves.length > 0 || !quiet) {
    const unsigned = sealAfter(latest, leaves, { origin, time, key: await signer.key() });
    const made = { ...unsigned, signature: await signer.sign(statementText(unsigned.statement)) };
    if (!(await keptFirst(seals, made))) return null;
    await copies?.put(made);
    await backlog.noteSeal(made.statement.number, leaves);
    await backlog.done('seals', over);
    log.info({ seal: made.statement.number, leaves: leaves.length, size: made.statement.size }, 'sealed');
    return made;
  }
  await backlog.done('seals', over);
  return null;
}

/** False where another process has made the seal of that number. */
async function keptFirst(seals: Seals, made: Seal): Promise<boolean> {
  try {
    await seals.put(made);
    return true;
  } catch (error) {
    if (toFault(error).disposition !== 'conflict') throw error;
    return false;
  }
}

/** What of a journal is not sealed yet. A journal whose chain is broken is not sealed: a seal would make it look right. */
async function leavesOf({ backlog, log }: Custody, { journal, entries }: Waiting): Promise<readonly Leaf[]> {
  const broken = firstBreak(entries);
  if (broken) {
    log.error({ journal, ...broken }, 'a journal is broken and was not sealed');
    return [];
  }
  const sealed = await backlog.sealedUpTo(journal);
  return entries.filter(({ sequence }) => sequence > sealed).map(({ sequence, hash }) => ({ journal, sequence, hash }));
}

/** Writes down what earlier seals sealed, where a process died before it had, or the notes were lost. */
async function noteSeals({ backlog, seals }: Custody, latest: Seal | null): Promise<void> {
  const newest = latest?.statement.number ?? 0;
  for (let number = (await backlog.sealNoted()) + 1; number <= newest; number += 1) {
    const one = number === newest ? latest : await seals.read(number);
    await backlog.noteSeal(number, one?.leaves.flatMap((text) => leafOf(text) ?? []) ?? []);
  }
}

/** Brings the second place up to the first. @throws Fault `halt` where the second has what the first has not */
async function copySeals({ seals, copies }: Custody, latest: Seal | null): Promise<void> {
  const copied = (await copies?.latest()) ?? null;
  const [here, there] = [latest?.statement.number ?? 0, copied?.statement.number ?? 0];
  if (there > here) throw notOurs('seals-rolled-back', `The second place has ${there} seals, the first ${here}.`);
  const same = copied && (there === here ? latest : await seals.read(there));
  if (copied && (!same || statementDigest(same.statement) !== statementDigest(copied.statement)))
    throw notOurs('seals-forked', `Seal ${there} is not the same in both places.`);
  for (let number = there + 1; copies && number <= here; number += 1) {
    const one = number === here ? latest : await seals.read(number);
    if (!one) throw notOurs('seal-missing', `Seal ${number} is gone.`);
    await copies.put(one);
  }
}

/** @throws Fault `halt` where the newest seal is not what was made */
function checkSeal(latest: Seal): void {
  const { statement, signature } = latest;
  if (!isSigned(statement.key, statementText(statement), signature))
    throw notOurs('seal-changed', `The signature of seal ${statement.number} is wrong.`);
  if (hexOf(rootOf(treeOf(latest))) !== statement.root)
    throw notOurs('seal-changed', `The peaks of seal ${statement.number} are not those of its root.`);
}

function notOurs(code: string, message: string): Fault {
  return new Fault('halt', code, `${message} Nothing is sealed until a person has looked at it.`);
}
