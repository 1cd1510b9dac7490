import { describe, expect, test } from 'vitest';
import { sha256 } from '../../shared/domain/digest.ts';
import type { Vault } from '../../shared/ports.ts';
import { expectFault } from './adapters-storage.ts';

/** What every vault does. @param make a vault; it may be the same each time */
export function describeVault(name: string, make: () => Vault): void {
  describe(`${name} vault`, () => {
    test('hands back the bytes it keeps, whatever they are', async () => {
      const vault = make();
      const every = Uint8Array.from({ length: 256 }, (_, n) => n);
      for (const bytes of [every, new Uint8Array(), Buffer.alloc(5_000_000, 7)]) {
        const raw = await vault.put(bytes, 'application/json; charset=utf-8');
        const { length } = bytes;
        expect(raw).toEqual({ sha256: sha256(bytes), contentType: 'application/json; charset=utf-8', bytes: length });
        expect(Buffer.compare(await vault.get(raw.sha256), bytes)).toBe(0);
      }
    });

    test('keeps the same bytes again quietly, also at the same time', async () => {
      const vault = make();
      const bytes = Buffer.from('the same');
      const first = await vault.put(bytes, 'text/plain');
      expect(await vault.put(bytes, 'text/plain')).toEqual(first);
      const others = await Promise.all([1, 2, 3].map(() => vault.put(Buffer.from('at once'), '')));
      expect(new Set(others.map((raw) => raw.sha256)).size).toBe(1);
    });

    test('does not see what the caller does to the bytes afterwards', async () => {
      const vault = make();
      const bytes = Buffer.from('before');
      const raw = await vault.put(bytes, '');
      bytes.fill('x');
      (await vault.get(raw.sha256)).fill(0);
      expect(Buffer.from(await vault.get(raw.sha256)).toString()).toBe('before');
    });

    test('what it does not have breaks an invariant', async () => {
      const vault = make();
      await expectFault(vault.get('ab'.repeat(32)), 'halt', 'vault-missing');
      for (const odd of ['', '../x', 'AB'.repeat(32)]) await expectFault(vault.get(odd), 'halt', 'vault-name');
    });

    test('a content type that could not stand in a header is the fault of its sender', async () => {
      const vault = make();
      for (const odd of ['text/plain\r\nx: y', 'text/plän', 'x'.repeat(251)])
        await expectFault(vault.put(Buffer.from('x'), odd), 'reject', 'content-type');
    });
  });
}
