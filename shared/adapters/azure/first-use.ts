/**
 * Does something before the first use and, once it has worked, never again in this process. Uses that come at the
 * same time wait for the same attempt; after a failed one the next use tries again.
 */
export function firstUse(prepare: () => Promise<unknown>): () => Promise<void> {
  let attempt: Promise<unknown> | null = null;
  return async () => {
    attempt ??= prepare().catch((error: unknown) => {
      attempt = null;
      throw error;
    });
    await attempt;
  };
}
