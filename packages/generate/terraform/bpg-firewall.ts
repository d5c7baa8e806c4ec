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
  if (source.from === 'existing') {
    tellFirewall(module, firewall);
    return;
  }
  // Without it, a firewall that drops also drops the answers that give the guest its address.
  const dhcp = nics.some(({ ipv4 }) => ipv4 === 'dhcp') ? true : undefined;
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

/** The provider has no import for the firewall of a guest: what it makes comes on top of what is there, rules twice. */
function tellFirewall(module: Module, { enabled, input, output, rules }: NonNullable<Guest['firewall']>): void {
  const why =
    'This provider cannot import a guest’s firewall, and would add each rule a second time: it stays as it is.';
  module.lacks(`its firewall: ${enabled ? 'on' : 'off'}, incoming ${input}, outgoing ${output}`, why);
  rules.forEach((rule, at) => {
    const { direction, action, protocol, ports, source, dest, macro } = rule;
    const said = Object.entries({ protocol, ports, source, dest, macro }).flatMap(([key, value]) =>
      value === null ? [] : [`${key} ${value}`],
    );
    module.lacks(`firewall rule ${at}: ${[direction, action, ...said].join(', ')}`, why);
  });
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
