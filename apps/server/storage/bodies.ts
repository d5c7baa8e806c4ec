import { z } from 'zod';
import { Retention } from '../backups/retention.ts';

export const node = z.string().regex(/^[a-zA-Z0-9][\w-]{0,62}$/, 'is no name of a node');
/** One line of what Proxmox writes to its configuration. */
const line = z
  .string()
  .min(1)
  .max(500)
  .regex(/^\P{Cc}+$/u, 'holds a control character');

export const Content = z.enum(['images', 'rootdir', 'iso', 'vztmpl', 'backup', 'snippets', 'import']);
export type Content = z.infer<typeof Content>;

export const NewStorage = z.strictObject({
  name: z.string().min(2).max(100),
  type: z.enum(['dir', 'nfs', 'cifs', 'pbs', 'zfspool', 'lvm', 'lvmthin']),
  content: z.array(Content).min(1).optional(),
  nodes: z.array(node).min(1).optional(),
  path: line.optional(),
  server: line.optional(),
  export: line.optional(),
  share: line.optional(),
  pool: line.optional(),
  volume_group: line.optional(),
  thin_pool: line.optional(),
  datastore: line.optional(),
  namespace: line.optional(),
  username: line.optional(),
  /** Handed on to Proxmox and kept sealed until then; no answer has it. */
  password: line.optional(),
  fingerprint: line.optional(),
  /** Which backups it keeps, where a backup job has no rule of its own. */
  retention: Retention.optional(),
  connection: z.string().min(1).optional(),
});
export type NewStorage = z.infer<typeof NewStorage>;

export const ChangedStorage = z
  .strictObject({
    content: z.array(Content).min(1).optional(),
    /** The nodes that it is limited to; none: all of them. */
    nodes: z.array(node).optional(),
    enabled: z.boolean().optional(),
    /** Which backups it keeps from now on, all of the rule: what it does not name, it does not keep. */
    retention: Retention.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change');
export type ChangedStorage = z.infer<typeof ChangedStorage>;

const common = {
  /** The node that fetches it; one that reaches the storage where none is named. */
  node: node.optional(),
  filename: z
    .string()
    .min(1)
    .max(255)
    .regex(/^(?!\.)[\w.+-]+$/, 'takes letters, digits, ., _, + and - alone, and begins with no dot')
    .optional(),
  checksum: z
    .string()
    .regex(/^[\da-fA-F]+$/, 'is not written in hexadecimal digits')
    .optional(),
};

export const Download = z.strictObject({
  url: z.string().max(2_000).optional(),
  /** Instead of an address: a container template that Proxmox offers, `debian-13`. */
  template: z
    .string()
    .regex(/^[\w.+-]{1,200}$/, 'is no name of a template')
    .optional(),
  ...common,
});
export type Download = z.infer<typeof Download>;

/** The fields that come along with a file; each before the file itself. */
export const UploadFields = z.strictObject(common);
export type UploadFields = z.infer<typeof UploadFields>;
