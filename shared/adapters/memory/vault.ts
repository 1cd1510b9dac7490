import type { Vault } from '../../ports.ts';
import { checkBytes, checkName, rawOf } from '../raw.ts';

/** A vault that lasts as long as the process. */
export function memoryVault(): Vault {
  const kept = new Map<string, Uint8Array>();
  return {
    put: async (bytes, contentType) => {
      const raw = rawOf(bytes, contentType);
      if (!kept.has(raw.sha256)) kept.set(raw.sha256, Uint8Array.from(bytes));
      return raw;
    },
    get: async (sha256) => {
      checkName(sha256);
      return Uint8Array.from(checkBytes(sha256, kept.get(sha256) ?? null));
    },
  };
}
