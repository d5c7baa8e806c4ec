import { z } from 'zod';
import { Scope } from './scopes.ts';

const Name = z.string().min(1);
/** Basic authentication parts the name from the password by a colon. */
const UserName = z.string().regex(/^[^:]+$/, 'is no name: it is empty or has a colon');

/** An OpenID Connect issuer whose access tokens the service takes, and what they may do here. */
export const Oauth = z.strictObject({
  /** As tokens name it in `iss`; its discovery document is looked for under it. */
  issuer: z.url(),
  /** Whom tokens have to be for: one of these stands in their `aud`. */
  audience: z.union([Name, z.array(Name).min(1)]),
  /** Where a token names the groups or roles of its person: a claim, or a path of them (`realm_access.roles`). */
  groups_claim: Name.default('groups'),
  /** What members of a group may do, beside the scopes that the token names itself. */
  groups: z.record(Name, z.array(Scope)).default({}),
  /** The claim that people are called by. Another than `sub` only where people cannot choose it: approvals are counted by it. */
  name_claim: Name.default('sub'),
  /** Whether a request by such a token is its owner's own approval. */
  approval: z.enum(['own', 'required']).default('own'),
});
export type Oauth = z.infer<typeof Oauth>;

/** Users with passwords, for development alone. */
export const DevUsers = z.record(
  UserName,
  z.strictObject({ password: Name, scopes: z.array(Scope).default(['admin']) }),
);
export type DevUsers = z.infer<typeof DevUsers>;
