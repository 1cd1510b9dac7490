import { createHash } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import type { CryptographyClient } from '@azure/keyvault-keys';
import { Fault } from '../../domain/fault.ts';
import { type PublicKey, publicKeySchema } from '../../domain/public-key.ts';
import type { Signer } from '../../ports-custody.ts';
import { storageFault } from './storage-fault.ts';

/** Where a key is: `https://name.vault.azure.net/keys/seals`, with or without a version. */
const keyUrl = /^(https?:\/\/[^/]+)\/keys\/([^/]+)(?:\/([^/]+))?\/?$/;

interface Vault {
  readonly key: PublicKey;
  readonly client: CryptographyClient;
}

interface Options {
  /** For a stand-in in a test. The clients ask whether the vault is who it says by its address; a stand-in has another one. */
  readonly disableChallengeResourceVerification?: boolean;
  readonly allowInsecureConnection?: boolean;
}

/**
 * Signs with a key in Key Vault, which never leaves it: the digest goes there and the signature comes back. Needs the permissions
 * `keys/read` and `keys/sign/action` (Key Vault Crypto User). Without a version the newest is taken, once for each process, so that
 * what is signed and the key it names belong together.
 */
export function keyVaultSigner(url: string, credential: TokenCredential, options: Options = {}): Signer {
  let opened: Promise<Vault> | null = null;
  const vault = () => {
    opened ??= open(url, credential, options).catch((error: unknown) => {
      opened = null;
      throw storageFault('Reading the key of the seals', error);
    });
    return opened;
  };
  return {
    key: async () => (await vault()).key,
    sign: async (text) => {
      const { client } = await vault();
      const digest = createHash('sha256').update(text).digest();
      try {
        const { result } = await client.sign('ES256', digest);
        return Buffer.from(result).toString('base64url');
      } catch (error) {
        throw storageFault('Signing a seal', error);
      }
    },
  };
}

async function open(url: string, credential: TokenCredential, options: Options): Promise<Vault> {
  const [, address = '', name = '', version] = keyUrl.exec(url) ?? [];
  // Loaded only where there is such a key: the clients are a part of the start that most trials never need.
  const { CryptographyClient, KeyClient } = await import('@azure/keyvault-keys');
  const clientOptions = { ...options, retryOptions: { maxRetries: 1 } };
  const found = await new KeyClient(address, credential, clientOptions).getKey(name, version ? { version } : {});
  const { x, y, crv } = found.key ?? {};
  const coordinate = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64url');
  const key = publicKeySchema.safeParse({ kty: 'EC', crv, x: coordinate(x), y: coordinate(y) });
  if (!key.success || !found.id) throw new Fault('halt', 'seal-key', `${url} is not a key for ES256 (EC, P-256).`);
  return { key: key.data, client: new CryptographyClient(found.id, credential, clientOptions) };
}
