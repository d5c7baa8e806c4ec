import { z } from 'zod';
import { listQuery } from '../http/pages.ts';

export const NetworkType = z.enum(['bridge', 'vlan', 'bond', 'ovs_bridge', 'ovs_bond', 'ovs_port', 'vnet', 'other']);
export type NetworkType = z.infer<typeof NetworkType>;

/** A network on one node: what is configured there, and whether it is so yet. */
export const OnNode = z.object({
  node: z.string(),
  active: z.boolean().nullable(),
  autostart: z.boolean().nullable(),
  address: z.string().nullable(),
  address6: z.string().nullable(),
  gateway: z.string().nullable(),
  mtu: z.number().nullable(),
  ports: z.array(z.string()),
  /** The interface that a VLAN stands on. */
  device: z.string().nullable(),
  bond_mode: z.string().nullable(),
  vlan_aware: z.boolean().nullable(),
  /** The bridges, bonds and VLANs that stand on it. */
  used_by: z.array(z.string()),
  /** It was changed, and that is not applied yet. */
  pending: z.boolean().nullable(),
});
export type OnNode = z.infer<typeof OnNode>;

const Rule = z.object({
  id: z.string(),
  action: z.string(),
  protocol: z.string().nullable(),
  port: z.string().nullable(),
  source: z.string().nullable(),
});

/** A network of the cluster: the interfaces of one name on its nodes, or a virtual network of its software-defined ones. */
export const Network = z.object({
  id: z.string(),
  name: z.string(),
  type: NetworkType,
  description: z.string().nullable(),
  vlan_id: z.int().nullable(),
  subnet: z.string().nullable(),
  gateway: z.string().nullable(),
  dns_servers: z.array(z.string()).nullable(),
  dhcp_enabled: z.boolean().nullable(),
  firewall_rules: z.array(Rule).nullable(),
  created_at: z.string().nullable(),
  interface: z.string(),
  /** Of a virtual network: the zone that it belongs to. */
  zone: z.string().nullable(),
  nodes: z.array(OnNode),
});
export type Network = z.infer<typeof Network>;

export const NetworkListQuery = z.strictObject({
  type: NetworkType.optional(),
  node: z.string().min(1).optional(),
  connection: z.string().min(1).optional(),
  ...listQuery(['name', 'type', 'vlan_id', 'id']),
});
export type NetworkListQuery = z.infer<typeof NetworkListQuery>;
