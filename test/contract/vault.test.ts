import { describe, expect, test } from 'vitest';
import { azureVault } from '../../shared/adapters/azure/vault.ts';
import { memoryVault } from '../../shared/adapters/memory/vault.ts';
import { expectFault, freshName, useStorage } from '../support/adapters-storage.ts';
import { describeVault } from '../support/adapters-vault.ts';

describeVault('memory', memoryVault);

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
