import { z } from 'zod';

/** What is to be changed: an action of the catalogue, the things it acts on, and its input as far as it was said. */
export const Command = z.object({
  action: z.string(),
  targets: z.array(z.string()),
  /** Where a bulk command names a selection instead of things. */
  selection: z.unknown().optional(),
  input: z.record(z.string(), z.unknown()),
  says: z.string(),
});
export type Command = z.infer<typeof Command>;
