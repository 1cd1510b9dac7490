import { createRequire } from 'node:module';
import { z } from 'zod';

const contextSchema = z.object({
  eventCount: z.number(),
  getEventAt: z.custom<(index: number) => { event: number; message: string }>(),
});

/** What is wrong with a card, by Microsoft's own renderer; empty where nothing is. Its `lib` cannot be imported by Node. */
export function problemsOf(card: unknown): readonly string[] {
  const library = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js');
  const context = new library.SerializationContext(library.Versions.v1_5);
  const parsed = new library.AdaptiveCard();
  parsed.parse(structuredClone(card), context);
  const { eventCount } = contextSchema.parse(context);
  const parsing = Array.from({ length: eventCount }, (_, index) => context.getEventAt(index).message);
  const { validationEvents } = parsed.validateProperties();
  return [...parsing, ...validationEvents.map((one: { message: string }) => one.message)];
}

/** Every object in a card, at any depth. */
export function* elementsOf(value: unknown): Generator<Record<string, unknown>> {
  if (Array.isArray(value)) for (const one of value) yield* elementsOf(one);
  else if (value !== null && typeof value === 'object') {
    yield value as Record<string, unknown>;
    for (const one of Object.values(value)) yield* elementsOf(one);
  }
}
