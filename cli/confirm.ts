import { createInterface } from 'node:readline/promises';
import { Complaint } from './http.ts';

/** Asks once before something is done. @throws Complaint where nobody can be asked, or the answer is no */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (process.stdin.isTTY !== true) throw new Complaint(`${question} Nobody can be asked here: give --yes.`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new Complaint('nothing was done');
  } finally {
    lines.close();
  }
}
