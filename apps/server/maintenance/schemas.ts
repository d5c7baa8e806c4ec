import { z } from 'zod';

/** Text that stands on one line, whoever reads it where. */
const Line = z
  .string()
  .max(500)
  .regex(/^[^\p{Cc}]*$/u, 'has control characters');

export const Switch = z.strictObject({ enabled: z.boolean(), message: Line.default('') });

export const Maintenance = z.object({
  enabled: z.boolean(),
  message: z.string(),
  by: z.string().nullable(),
  since: z.string().nullable(),
  forced: z.boolean(),
});
