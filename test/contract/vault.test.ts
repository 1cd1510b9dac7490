import { describe, expect, test } from 'vitest';
import { azureVault } from '../../shared/adapters/azure/vault.ts';
import { memoryVault } from '../../shared/adapters/memory/vault.ts';
import { rememberingVault } from '../../shared/adapters/remembering-vault.ts';
import { expectFault, freshName, useStorage } from '../support/adapters-storage.ts';
import { describeVault } from '../support/adapters-vault.ts';

describeVault('memory', memoryVault);
describeVault('remembering', () => rememberingVault(memoryVault()));

test('what this process has kept is not sent again, and what could not be kept is', async () => {
  const sent: string[] = [];
  const inner = memoryVault();
  const put = async (bytes: Uint8Array, contentType: string) => {
    sent.push(Buffer.from(bytes).toString());
    if (sent.length === 1) throw new Error('the store is down');
    return inner.put(bytes, contentType);
  };
  const vault = rememberingVault({ ...inner, put });
  await expect(vault.put(Buffer.from('x'), '')).rejects.toThrow('down');
  const raw = await vault.put(Buffer.from('x'), '');
  expect(await vault.put(Buffer.from('x'), '')).toEqual(raw);
  expect(sent).toEqual(['x', 'x']);
});

describe('with a storage account', () => {
  const storage = useStorage();
  const start = () => {
    const container = storage().container(freshName('vault'));
    return { container, vault: azureVault(container) };
  };
  describeVault('azure', () => start().vault);

  test('the name of a blob is its digest, and its content type the one it came with', async () => {
    const { container, vault } = start();
    const { sha256 } = await vault.put(Buffer.from('x'), 'message/rfc822');
    const blob = container.getBlobClient(`sha256/${sha256.slice(0, 2)}/${sha256}`);
    expect(await blob.getProperties()).toMatchObject({ contentType: 'message/rfc822', contentLength: 1 });
  });

  test('bytes that somebody changed are not handed out, and keeping them again does not hide it', async () => {
    const { container, vault } = start();
    const { sha256 } = await vault.put(Buffer.from('x'), '');
    await container.getBlockBlobClient(`sha256/${sha256.slice(0, 2)}/${sha256}`).upload('y', 1);
    await vault.put(Buffer.from('x'), '');
    await expectFault(vault.get(sha256), 'halt', 'vault-changed');
  });

  test('two processes may need a new container at the same time', async () => {
    const container = storage().container(freshName('vault'));
    const vaults = [1, 2, 3, 4].map(() => azureVault(container));
    await Promise.all(vaults.map((vault, n) => vault.put(Buffer.from(`${n}`), '')));
  });
});
