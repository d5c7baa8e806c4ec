import { type Block, block, type Value } from '../hcl/nodes.ts';
import type { FirewallRule, Guest } from '../specification.ts';
import type { Module } from './module.ts';

interface At {
  readonly label: string;
  readonly node: Value;
  readonly id: Value;
  readonly key: 'vm_id' | 'container_id';
}

/** The firewall of a guest and its rules. They are in force only where the firewall of the datacenter is on. */
export function addFirewall(module: Module, { firewall, nics, source }: Guest, { label, node, id, key }: At): void {
  if (firewall === null) return;
  const { enabled, input, output, rules } = firewall;
  // Without it, a firewall that drops also drops the answers that give the guest its address.
  const dhcp = source.from !== 'existing' && nics.some(({ ipv4 }) => ipv4 === 'dhcp') ? true : undefined;
  module.add(
    block(
      'resource',
      ['proxmox_virtual_environment_firewall_options', label],
      [{ node_name: node, [key]: id, enabled, dhcp, input_policy: input, output_policy: output }],
    ),
    rules.length === 0
      ? undefined
      : block(
          'resource',
          ['proxmox_virtual_environment_firewall_rules', label],
          [{ node_name: node, [key]: id }, ...rules.map(ruleOf)],
        ),
  );
}

function ruleOf(rule: FirewallRule): Block {
  return block(
    'rule',
    [],
    [
      {
        type: rule.direction,
        action: rule.action,
        proto: rule.protocol ?? undefined,
        dport: rule.ports ?? undefined,
        source: rule.source ?? undefined,
        dest: rule.dest ?? undefined,
        macro: rule.macro ?? undefined,
        enabled: rule.enabled ? undefined : false,
        comment: rule.comment === '' ? undefined : rule.comment,
      },
    ],
  );
}
