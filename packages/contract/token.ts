import { z } from 'zod';

/**
 * A key to the service, as it may be shown: of the secret, only how it begins. `approval` says whose word a change by it
 * has: `own`, each request is its owner's approval of exactly that change; `required`, a person approves it first.
 */
export const ApiToken = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  /** The first letters of the secret, by which it is recognised where it was noted down. */
  prefix: z.string(),
  scopes: z.array(z.string()),
  approval: z.enum(['own', 'required']),
  created_at: z.string(),
  created_by: z.string(),
  /** Null: it does not end by itself. */
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
});
export type ApiToken = z.infer<typeof ApiToken>;
