import { existsSync } from 'node:fs';
import { n8n } from './n8n.ts';
import { nodeRed } from './node-red.ts';
import type { Begin, Other } from './peer-process.ts';
import { n8nPath, peerPath } from './peers.ts';
import { restate } from './restate.ts';

/** What Quell is measured beside, by name: how to start it, or null where it is not installed. */
function peersThere(): readonly (readonly [string, Begin | null])[] {
  return [
    ['Restate', existsSync(peerPath('@restatedev/restate-server')) ? restate : null],
    ['Node-RED', existsSync(peerPath('node-red/red.js')) ? nodeRed : null],
    ['n8n', existsSync(n8nPath('n8n/bin/n8n')) ? n8n : null],
  ];
}

/** A peer that was measured, or why it was not. */
export type Tried<T> = { readonly name: string } & (
  | { readonly row: T; readonly reason: null }
  | { readonly row: null; readonly reason: string }
);

/** Starts each peer that is there and measures it, one after the other; one that fails takes no other with it. */
export async function tryPeers<T>(sinkUrl: string, work: (other: Other) => Promise<T>): Promise<readonly Tried<T>[]> {
  const tried: Tried<T>[] = [];
  for (const [name, begin] of peersThere()) tried.push(await tryOne(name, begin, sinkUrl, work));
  return tried;
}

async function tryOne<T>(
  name: string,
  begin: Begin | null,
  sinkUrl: string,
  work: (other: Other) => Promise<T>,
): Promise<Tried<T>> {
  if (!begin) return { name, row: null, reason: `${name}: not installed` };
  try {
    const other = await begin(sinkUrl);
    try {
      return { name: other.name, row: await work(other), reason: null };
    } finally {
      await other.stop();
    }
  } catch (error) {
    return { name, row: null, reason: `${name}: failed (${error instanceof Error ? error.message : String(error)})` };
  }
}
