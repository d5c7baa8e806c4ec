import { z } from 'zod';

/** An answer that comes as JSON, or in another form where that is asked for: a stream, whose parts no schema holds. */
export function inForms<T extends z.ZodType>(schema: T, other: string) {
  return {
    description: `What was asked for, as JSON or as ${other}.`,
    content: { 'application/json': { schema }, [other]: { schema: z.string() } },
  };
}
