import type { TokenCredential } from '@azure/identity';
import type { Config } from '../config.ts';
import type { Power } from '../domain/power.ts';

/** One identity for each power. */
export type Credentials = Readonly<Record<Power, TokenCredential>>;

/** A managed identity: user-assigned with a client id, else the system's. Its library is loaded with the first token. */
export function managedIdentity(clientId: string | undefined): TokenCredential {
  let known: Promise<TokenCredential> | null = null;
  const credential = async (): Promise<TokenCredential> => {
    const { ManagedIdentityCredential } = await import('@azure/identity');
    return clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential(clientId);
  };
  return {
    getToken: async (...asked) => {
      known ??= credential();
      return (await known).getToken(...asked);
    },
  };
}

/** One identity for each power; where fewer are set up, the lesser one stands in, and what it may not do is refused. */
export function credentialsOf({ AZURE_CLIENT_ID, CHANGER_CLIENT_ID, DELETER_CLIENT_ID }: Config): Credentials {
  const changer = CHANGER_CLIENT_ID ?? AZURE_CLIENT_ID;
  return {
    reader: managedIdentity(AZURE_CLIENT_ID),
    changer: managedIdentity(changer),
    deleter: managedIdentity(DELETER_CLIENT_ID ?? changer),
  };
}
