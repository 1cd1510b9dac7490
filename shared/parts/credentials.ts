import type { TokenCredential } from '@azure/identity';

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
