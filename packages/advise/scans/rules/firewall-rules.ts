import type { Filter } from '@pxa/contract';
import { eachPart, eachTarget } from '../judge.ts';
import { CLUSTER, type Facts, type Look, type Rule } from '../rule.ts';
import { guestLook, listOf } from './guest-looks.ts';

/** Services that are no business of the whole world: whoever gets in there holds the machine, or its data. */
const PRIVATE = ['SSH', 'Telnet', 'SMB', 'NFS', 'RDP', 'VNC', 'MySQL', 'PostgreSQL', 'the Proxmox interface'];
/** Macros that open no port. */
const PORTLESS = ['Ping', 'Trcrt', 'NeighborDiscovery', 'DHCPfwd', 'DHCPv6'];

const firewallControls = ['CIS 4.4', 'SOC2 CC6.6'] as const;

function rulesLook(level: readonly string[], narrow?: string): Look {
  const columns = ['level', 'of', 'pos', 'open', 'macro', 'ports', 'services', 'guest', 'node'];
  const where: Filter = { op: 'in', column: 'level', values: [...level] };
  return { dataset: 'firewall-rules', columns, where, ...(narrow === undefined ? {} : { narrow }) };
}

/** What an open rule lets the world reach that it should not. */
function exposed(row: Facts, name: string): { about: string; text: string } | undefined {
  const services = listOf(row, 'services').filter((service) => PRIVATE.includes(service));
  const reached = listOf(row, 'ports').length === 0 ? 'every port' : services.join(', ');
  if (reached === '') return undefined;
  const of = row.value('level') === 'group' ? `the security group ${String(row.value('of'))}` : name;
  return { about: row.id, text: `Rule ${String(row.value('pos'))} of ${of} lets the whole world reach ${reached}.` };
}

const isOpen = (row: Facts): boolean =>
  row.value('open') === true && !PORTLESS.includes(String(row.value('macro') ?? ''));

const openRule = (of: {
  id: string;
  about: Rule['about'];
  title: string;
  look: Look;
  target: (row: Facts) => string;
}): Rule => ({
  id: of.id,
  kind: 'configuration',
  title: of.title,
  about: of.about,
  grade: 'high',
  looks: [of.look],
  judge: eachPart({
    target: of.target,
    when: isOpen,
    needs: ['ports', 'services'],
    by: ['open', 'services'],
    fault: (row, name) => exposed(row, name),
  }),
  remedy: 'Give the rule a source: a network, an alias or an IP set.',
  controls: firewallControls,
});

/** Rules about the firewalls of guests, nodes and the datacenter. */
export const firewallRules: readonly Rule[] = [
  {
    id: 'cluster.firewall_off',
    kind: 'configuration',
    title: 'The firewall of the datacenter is on',
    about: 'cluster',
    grade: 'high',
    looks: [
      {
        dataset: 'firewalls',
        columns: ['enabled'],
        where: { op: 'compare', column: 'level', is: '=', value: 'datacenter' },
      },
    ],
    judge: eachPart({
      target: () => CLUSTER,
      needs: ['enabled'],
      fault: (row) =>
        row.value('enabled') === false
          ? { text: 'The firewall of the datacenter is off: no rule of any node or guest has an effect.' }
          : undefined,
    }),
    remedy: 'Make sure that rules let you in (SSH, 8006), then switch it on: Datacenter → Firewall → Options.',
    fix: { action: 'firewall.enable', on: 'input', input: () => ({}) },
    controls: firewallControls,
  },
  {
    id: 'node.firewall_off',
    kind: 'configuration',
    title: 'The firewall of every node is on',
    about: 'node',
    grade: 'medium',
    looks: [
      {
        dataset: 'firewalls',
        columns: ['enabled', 'node'],
        where: { op: 'compare', column: 'level', is: '=', value: 'node' },
        narrow: 'node',
      },
    ],
    judge: eachPart({
      target: (row) => `node/${String(row.value('node'))}`,
      needs: ['enabled'],
      fault: (row, name) => (row.value('enabled') === false ? { text: `The firewall of ${name} is off.` } : undefined),
    }),
    remedy: 'Switch it on: Node → Firewall → Options.',
    fix: { action: 'firewall.enable', on: 'input', input: (about) => ({ node: about.replace('node/', '') }) },
    controls: firewallControls,
  },
  {
    id: 'guest.firewall_off',
    kind: 'configuration',
    title: 'The firewall of every guest is on, on all of its network interfaces',
    about: 'guest',
    grade: 'medium',
    looks: [guestLook('firewall', 'nics_unfiltered')],
    judge: eachTarget({
      needs: ['firewall', 'nics_unfiltered'],
      fault: (row, name) => {
        if (row.value('firewall') === false) return { text: `The firewall of ${name} is off.` };
        const open = listOf(row, 'nics_unfiltered');
        return open.length === 0 ? undefined : { text: `The firewall of ${name} does not cover ${open.join(', ')}.` };
      },
    }),
    remedy: 'Add rules for what it offers, then switch its firewall on for every network interface.',
    fix: { action: 'firewall.enable_guest', on: 'target' },
    controls: firewallControls,
  },
  openRule({
    id: 'guest.open_port',
    about: 'guest',
    title: 'No rule of a guest lets the whole world reach what is private',
    look: rulesLook(['guest'], 'guest'),
    target: (row) => String(row.value('guest')),
  }),
  openRule({
    id: 'node.open_port',
    about: 'node',
    title: 'No rule of a node lets the whole world reach what is private',
    look: rulesLook(['node'], 'node'),
    target: (row) => `node/${String(row.value('node'))}`,
  }),
  openRule({
    id: 'cluster.open_port',
    about: 'cluster',
    title: 'No rule of the datacenter or of a security group lets the whole world reach what is private',
    look: rulesLook(['datacenter', 'group']),
    target: () => CLUSTER,
  }),
];
