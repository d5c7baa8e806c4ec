import { z } from 'zod';

const guest = z.string().min(1).max(100);
const name = z.string().regex(/^[A-Za-z][\w.-]{0,99}$/, 'is no name of a storage');
const node = z.string().regex(/^[a-zA-Z0-9][\w-]{0,62}$/, 'is no name of a node');

export const NewBackup = z.strictObject({
  vm_id: guest,
  backup_type: z.enum(['full', 'incremental']).default('full'),
  compression: z.enum(['gzip', 'zstd', 'lzo', 'none']).optional(),
  encryption: z.boolean().default(false),
  /** Kept with the backup as its notes. */
  description: z
    .string()
    .max(1_024)
    .regex(/^(?:\P{Cc}|\n)*$/u, 'holds a control character')
    // Proxmox reads what stands in such braces as the name of something to be filled in (PVE::VZDump, generate_notes).
    .refine((text) => !text.includes('{{'), 'holds “{{”, which Proxmox would read as the beginning of a variable')
    .optional(),
  /** The one that the guest's backup job uses, else the one with the most room, where none is named. */
  storage: name.optional(),
  mode: z.enum(['snapshot', 'suspend', 'stop']).optional(),
  protected: z.boolean().optional(),
});
export type NewBackup = z.infer<typeof NewBackup>;

export const Restore = z.strictObject({
  /** Beside what there is, as a new guest; or over the guest that it was made of. */
  target: z.enum(['new', 'original']).default('new'),
  /** For a restore over the original: its name, since all that it holds now is lost. */
  confirm: z.string().optional(),
  /** The id of the new guest, `vm-150`; the next free one where none is named. */
  vm_id: guest.optional(),
  name: z.string().min(1).max(63).optional(),
  node: node.optional(),
  storage: name.optional(),
  start: z.boolean().default(false),
});
export type Restore = z.infer<typeof Restore>;

export const ChangedBackup = z.strictObject({ protected: z.boolean() });
