import { z } from 'zod';
import { Scope } from './scopes.ts';

const MOST_SECONDS = 10 * 365 * 86_400;
const Approval = z.enum(['own', 'required']);

export const NewToken = z.strictObject({
  name: z.string().trim().min(1).max(100),
  description: z.string().max(500).default(''),
  expires_in: z.int().min(1).max(MOST_SECONDS).optional(),
  permissions: z.array(Scope).min(1),
  approval: Approval.default('own'),
});

export const Minted = z.object({
  token_id: z.string(),
  access_token: z.string(),
  token_type: z.literal('bearer'),
  expires_at: z.string().nullable(),
  permissions: z.array(z.string()),
});

export const Token = z.object({
  token_id: z.string(),
  name: z.string(),
  description: z.string(),
  /** How its secret begins, to recognise one that was found. */
  prefix: z.string(),
  state: z.enum(['active', 'expired', 'revoked']),
  permissions: z.array(z.string()),
  approval: Approval,
  created_by: z.string(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
});
