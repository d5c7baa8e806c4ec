import { z } from 'zod';

const text = z.string().nullable();

export const HaResource = z.object({
  /** Of the guest, as paths name it: `vm-101`. */
  id: z.string(),
  sid: z.string(),
  state: text,
  /** What is wanted of it. */
  requested_state: text,
  manager_state: text,
  node: text,
  /** The rules that name it, or its group before Proxmox VE 9. */
  rules: z.array(z.string()),
  max_restart: z.int().nullable(),
  max_relocate: z.int().nullable(),
  failback: z.boolean().nullable(),
  comment: text,
});
export type HaResource = z.infer<typeof HaResource>;

const HaRule = z.object({
  name: z.string(),
  /** `node-affinity`, `resource-affinity`, or `group` before Proxmox VE 9. */
  kind: text,
  resources: z.array(z.string()),
  nodes: z.array(z.string()),
  affinity: z.enum(['positive', 'negative']).nullable(),
  strict: z.boolean().nullable(),
  enabled: z.boolean(),
  comment: text,
});

const HaNode = z.object({ node: z.string(), report: text, last_seen: text });

/** The HA manager: whether it can act, what it looks after, and where it may put it. */
export const HaStatus = z.object({
  connection: z.string(),
  quorate: z.boolean().nullable(),
  master: text,
  nodes: z.array(HaNode),
  resources: z.array(HaResource),
  rules: z.array(HaRule),
});
export type HaStatus = z.infer<typeof HaStatus>;

const State = z.enum(['started', 'stopped', 'ignored', 'disabled']);
const tries = z.int().min(0).max(10);

export const NewHaResource = z.strictObject({
  id: z.string(),
  state: State.optional(),
  max_restart: tries.optional(),
  max_relocate: tries.optional(),
});

export const HaChange = z
  .strictObject({
    state: State.optional(),
    max_restart: tries.optional(),
    max_relocate: tries.optional(),
    failback: z.boolean().optional(),
  })
  .refine((said) => Object.keys(said).length > 0, { message: 'say what to change' });

export const HaParams = z.object({ guest_id: z.string() });
