import type { Engine } from '../engine/engine.ts';
import type { ArchiveRequests } from '../requests/archive.ts';
import type { ReplayRequests } from '../requests/replay.ts';
import type { CustodyNeeds } from './custody-on-demand.ts';

/** Deciding again, loaded with all that belongs to it when somebody asks for it: no alert is answered with it. */
export function replayOnDemand(engine: Engine, needs: CustodyNeeds): ReplayRequests & ArchiveRequests {
  const { DRILL_IDENTITY: identity, DRILL_SYSTEM: system } = needs.config;
  const drill = identity === undefined || system === undefined ? null : { identity, system };
  let loaded: Promise<ReplayRequests> | null = null;
  const requests = () => {
    loaded ??= import('../requests/replay.ts').then(({ replayRequestsOf }) => replayRequestsOf(engine, drill));
    return loaded;
  };
  let archive: Promise<ArchiveRequests> | null = null;
  const archived = () => {
    archive ??= loadArchive(engine, needs);
    return archive;
  };
  return {
    readReach: async (request) => (await archived()).readReach(request),
    readArchive: async (request) => (await archived()).readArchive(request),
    replay: async (request, caller) => (await requests()).replay(request, caller),
    why: async (request) => (await requests()).why(request),
    undoPlans: async (request) => (await requests()).undoPlans(request),
    drill: async (caller) => (await requests()).drill(caller),
  };
}

async function loadArchive(engine: Engine, needs: CustodyNeeds): Promise<ArchiveRequests> {
  const { config, storage, credential, parts } = needs;
  const [{ archiveRequestsOf }, { custodyOf }] = await Promise.all([
    import('../requests/archive.ts'),
    import('./custody.ts'),
  ]);
  return archiveRequestsOf(engine, custodyOf(config, storage, credential, parts));
}
