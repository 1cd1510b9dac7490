import type { Card } from '../../domain/card.ts';
import { Fault } from '../../domain/fault.ts';
import { noPace, type Pace, paced } from '../../domain/pace.ts';
import type { Cards, Seen } from '../../ports-channels.ts';
import { keyOf } from '../keys.ts';

/** Cards that last as long as the process. */
export function memoryCards(): Cards {
  const kept = new Map<string, Seen>();
  const paces = new Map<string, Pace>();
  let versions = 0;
  const name = (channel: string, subject: string) => `${keyOf(channel)}/${keyOf(subject)}`;
  const all = (): Card[] => [...kept].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, { card }]) => card);
  return {
    find: async (channel, subject) => kept.get(name(channel, subject)) ?? null,
    put: async (card, seen) => {
      const key = name(card.channel, card.subject);
      if (kept.get(key)?.version !== seen?.version)
        throw new Fault('conflict', 'card-moved', 'Somebody else has shown this card meanwhile.');
      versions += 1;
      const now: Seen = { card: { ...card }, version: String(versions) };
      kept.set(key, now);
      return now;
    },
    due: async (now, limit) =>
      all()
        .filter(({ due }) => due !== null && due <= now)
        .sort((one, other) => Date.parse(one.due ?? '') - Date.parse(other.due ?? ''))
        .slice(0, limit),
    within: async (channel, digest) => all().filter((card) => card.channel === channel && card.within === digest),
    place: async (channel, now) => {
      const { digest, pace } = paced(paces.get(channel) ?? noPace, channel, now);
      paces.set(channel, pace);
      return digest;
    },
  };
}
