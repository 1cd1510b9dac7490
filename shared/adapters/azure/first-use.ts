const known = new WeakMap<object, () => Promise<void>>();

/**
 * Does something before the first use and, once it has worked, never again in this process. Uses that come at the
 * same time wait for the same attempt; after a failed one the next use tries again.
 * @param of the table or container that is used, where `beforehand` shall know it
 */
export function firstUse(prepare: () => Promise<unknown>, of?: object): () => Promise<void> {
  let attempt: Promise<unknown> | null = null;
  const ready = async () => {
    attempt ??= prepare().catch((error: unknown) => {
      attempt = null;
      throw error;
    });
    await attempt;
  };
  if (of) known.set(of, ready);
  return ready;
}

/** Does before it is needed what the first use of these would do. What fails now fails again with that use, and is told then. */
export async function beforehand(all: readonly object[]): Promise<void> {
  await Promise.allSettled(all.map((of) => known.get(of)?.()));
}
