import { z } from 'zod';

/** One thing that is to be done: an action of the catalogue, what it acts on, and its input as far as it was said. */
export const CommandPart = z.object({
  action: z.string(),
  targets: z.array(z.string()),
  /** Where a bulk command names a selection instead of things. */
  selection: z.unknown().optional(),
  input: z.record(z.string(), z.unknown()),
  says: z.string(),
  /** Of one among several: how it would be said by itself. */
  words: z.string().optional(),
});
export type CommandPart = z.infer<typeof CommandPart>;

/** What is to be changed. */
export const Command = CommandPart.extend({
  /** What is to be done after it, in this order, each on what the ones before leave: one plan of all, or none. */
  later: z.array(CommandPart).optional(),
});
export type Command = z.infer<typeof Command>;
