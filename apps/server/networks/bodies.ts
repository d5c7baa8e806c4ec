import { z } from 'zod';

const label = z.string().regex(/^[A-Za-z0-9][\w.-]{0,62}$/, 'takes letters, digits, -, _ and . alone');
const description = z
  .string()
  .max(500)
  .regex(/^(?:\P{Cc}|\n)*$/u, 'holds a control character');
const iface = z.string().regex(/^[a-zA-Z][\w.:-]{0,20}$/, 'is no name of an interface');
const node = z.string().regex(/^[a-zA-Z0-9][\w-]{0,62}$/, 'is no name of a node');
const cidr = z.union([z.cidrv4(), z.cidrv6()]);
const bondMode = z.enum([
  '802.3ad',
  'active-backup',
  'balance-rr',
  'balance-xor',
  'balance-tlb',
  'balance-alb',
  'broadcast',
]);

/** What a network has on each node that it is made on, or changed on. */
const settings = {
  description: description.optional(),
  gateway: z.union([z.ipv4(), z.ipv6()]).optional(),
  /** The address of each node in it: `{"pve1": "10.0.50.2/24"}`. */
  addresses: z.record(node, cidr).optional(),
  ports: z.array(iface).max(64).optional(),
  vlan_aware: z.boolean().optional(),
  mtu: z.int().min(1_280).max(65_520).optional(),
  /** The nodes; all that are online where none are named. */
  nodes: z.array(node).min(1).max(64).optional(),
  /** Applied at once; else it waits on each node until somebody applies it. */
  apply: z.boolean().default(true),
};

/** What Proxmox holds for no bridge, bond or VLAN of a node; taken so that its refusal can say why. */
const unknown = {
  dns_servers: z.array(z.string()).max(8).optional(),
  dhcp_enabled: z.boolean().optional(),
  dhcp_range: z.strictObject({ start: z.string(), end: z.string() }).optional(),
};

export const NewNetwork = z.strictObject({
  name: label,
  type: z.enum(['bridge', 'vlan', 'bond']),
  vlan_id: z.int().min(1).max(4_094).optional(),
  subnet: z.cidrv4().optional(),
  /** What a VLAN stands on; a bridge that knows VLANs where only one does. */
  device: iface.optional(),
  bond_mode: bondMode.optional(),
  connection: z.string().min(1).optional(),
  ...settings,
  ...unknown,
});
export type NewNetwork = z.infer<typeof NewNetwork>;

export const ChangedNetwork = z.strictObject({ name: label.optional(), ...settings, ...unknown });
export type ChangedNetwork = z.infer<typeof ChangedNetwork>;

const flag = z.enum(['true', 'false']).transform((said) => said === 'true');

export const DeleteQuery = z.strictObject({
  /** One node only; else all that have it. */
  node: node.optional(),
  apply: flag.default(true),
});
