import { asNumber } from '@pxa/pve/values';
import { action, type GuestNow, needed, type Planned, type Planning, refused } from '../kit/index.ts';
import { setConfig } from './set-config.ts';
import { setTo } from './wording.ts';

const onVm = { dataset: 'guests', type: 'qemu', templates: true } as const;
const onGuest = { dataset: 'guests', templates: true } as const;

async function cpusOf(planning: Planning, guest: GuestNow): Promise<number | undefined> {
  const rows = needed(await planning.list('/cluster/resources', {}), 'The CPUs of the node');
  const node = rows.find(({ data }) => data['type'] === 'node' && data['node'] === guest.node);
  return asNumber(node?.data['maxcpu']) ?? undefined;
}

export const sockets = action({
  id: 'guest.sockets',
  verb: 'change the sockets of',
  risk: 'change',
  on: onVm,
  say: [
    ...setTo('(sockets|cpu sockets|socket count|number of sockets)', '{to}'),
    '(give|assign) {on} {to} (sockets|cpu sockets)',
  ],
  input: { to: { kind: 'count', say: [], ask: 'How many sockets?' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { to = 0 } = input;
    const cores = asNumber(guest.config['cores']) ?? 1;
    const most = await cpusOf(planning, guest);
    const say = `set the sockets of ${guest.vmid} to 1`;
    if (to < 1)
      return refused({
        why: `A VM has one socket at least; ${to} is none.`,
        next: 'Name a number from 1.',
        say,
        input: 'to',
        reason: 'too_small',
      });
    if (most !== undefined && to * cores > most) {
      const why = `${guest.node} has ${most} CPUs: ${to} sockets of ${cores} cores are more, and would not start there.`;
      return refused({
        why,
        next: 'Name a smaller number, or fewer cores first.',
        say,
        input: 'to',
        reason: 'too_big',
      });
    }
    return setConfig(guest, { sockets: to }, { says: `Set the sockets of ${guest.title} to ${to}` });
  },
  examples: [
    { say: 'set the sockets of build-agent to 2', sends: ['PUT /nodes/pve-node02/qemu/104/config sockets=2'] },
    { say: 'give app-server-prod 1 socket', sends: 'answer' },
    { say: 'set the sockets of build-agent to 40', sends: 'clarification' },
  ],
});

export const cpuType = action({
  id: 'guest.cpu_type',
  verb: 'change the CPU type of',
  risk: 'change',
  on: onVm,
  say: [
    ...setTo('(cpu|processor) (type|model)', '{type}'),
    ...setTo('(cpu|processor)', '{type}'),
    '(use|give) cpu type {type} (for|on) {on}',
  ],
  input: { type: { kind: 'word', say: [], ask: 'Which CPU type? As Proxmox calls it: host, x86-64-v2-AES.' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const type = await knownType(planning, guest, input.type ?? '');
    if (typeof type !== 'string') return type;
    const [first = '', ...flags] = String(guest.config['cpu'] ?? '').split(',');
    // Flags are said of the type before; an option without `cputype=` is the type (qemu-server CPUConfig.pm).
    const kept = (/^(cputype=|[^=]+$)/.test(first) ? flags : [first, ...flags]).filter((each) => each !== '');
    return setConfig(
      guest,
      { cpu: [type, ...kept].join(',') },
      {
        says: `Set the CPU type of ${guest.title} to ${type}`,
        warnings: [
          ...(type === 'host'
            ? [`With host, ${guest.title} can only move live to nodes with the same kind of CPU.`]
            : []),
          ...(kept.length > 0 ? [`What else was set of it stays: ${kept.join(', ')}.`] : []),
        ],
      },
    );
  },
  examples: [
    { say: 'set the cpu type of build-agent to host', sends: ['PUT /nodes/pve-node02/qemu/104/config cpu=host'] },
    { say: 'change the CPU type of build-agent to x86-64-v2-aes', sends: 'answer' },
    { say: 'set the cpu type of build-agent to i8086', sends: 'clarification' },
  ],
});

/** The type as its node spells it, or what is told where it has none of that name. */
async function knownType(planning: Planning, guest: GuestNow, said: string): Promise<string | Planned> {
  const got = await planning.list('/nodes/{node}/capabilities/qemu/cpu', { node: guest.node });
  const names = needed(got, `The CPU types of ${guest.node}`).map(({ data }) => String(data['name']));
  const found = names.find((name) => name.toLowerCase() === said.toLowerCase());
  if (found !== undefined) return found;
  const near = names.filter((name) => name.toLowerCase().includes(said.toLowerCase()));
  const some = near.length > 0 ? near : names;
  return refused({
    why: `${guest.node} has no CPU type “${said}”.`,
    next: `It has ${some.slice(0, 12).join(', ')}${some.length > 12 ? ` and ${some.length - 12} more` : ''}.`,
  });
}

export const cpuLimit = action({
  id: 'guest.cpu_limit',
  verb: 'limit the CPU of',
  risk: 'change',
  on: onGuest,
  say: [
    ...setTo('(cpu limit|cpulimit)', '{to}').map((say) => `${say} [cpus|cpu|cores]`),
    'limit [cpu] [usage|use] (of|for) {on} to {to} (cpus|cpu|cores|core)',
    'limit {on} to {to} (cpus|cpu|cores|core)',
    '(limit|cap) (cpu|cpu usage|cpu use) of {on} (to|at) {to} [cpus|cores]',
    '(remove|drop|unset|lift|turn off|disable) (cpu limit|cpulimit) (of|from|for|on) {on}',
  ],
  input: { to: { kind: 'word', say: [] } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const says = `the CPU limit of ${guest.title}`;
    if (input.to === undefined) return setConfig(guest, { cpulimit: null }, { says: `Take away ${says}` });
    const limit = Number(input.to);
    const say = `set the CPU limit of ${guest.vmid} to 2`;
    // qemu-server takes 128 at the most.
    if (!(limit > 0 && limit <= 128)) {
      const why = `“${input.to}” is no CPU limit: it is a number of CPUs, as 2 or 0.5, up to 128.`;
      return refused({ why, next: 'Name such a number.', say });
    }
    const own = (asNumber(guest.config['cores']) ?? 0) * (asNumber(guest.config['sockets']) ?? 1);
    const warnings =
      own > 0 && limit >= own ? [`${guest.title} has ${own} cores: a limit of ${limit} changes nothing.`] : [];
    return setConfig(guest, { cpulimit: limit }, { says: `Set ${says} to ${limit} CPUs`, warnings });
  },
  examples: [
    { say: 'set the cpu limit of build-agent to 1.5', sends: ['PUT /nodes/pve-node02/qemu/104/config cpulimit=1.5'] },
    { say: 'limit nginx-proxy to 1 cpu', sends: ['PUT /nodes/pve-node01/lxc/200/config cpulimit=1'] },
    { say: 'remove the cpu limit of build-agent', sends: 'answer' },
    { say: 'set the cpu limit of build-agent to 900', sends: 'clarification' },
  ],
});

export const cpuUnits = action({
  id: 'guest.cpu_units',
  verb: 'change the CPU weight of',
  risk: 'change',
  on: onGuest,
  say: setTo('(cpu units|cpuunits|cpu weight|cpu shares|cpu priority)', '{to}'),
  input: { to: { kind: 'count', say: [], ask: 'Which weight? 100 is the usual one.' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { to = 0 } = input;
    // With cgroup v2, which every node of 9.x has, the kernel takes 1 to 10000 (pve-guest-common, cgroup weight).
    if (to < 1 || to > 10_000)
      return refused({
        why: `${to} is no CPU weight: they go from 1 to 10000.`,
        next: 'Name another; 100 is the usual one.',
      });
    return setConfig(guest, { cpuunits: to }, { says: `Set the CPU weight of ${guest.title} to ${to}` });
  },
  examples: [
    { say: 'set the cpu units of build-agent to 200', sends: ['PUT /nodes/pve-node02/qemu/104/config cpuunits=200'] },
    { say: 'set the cpu weight of nginx-proxy to 50', sends: ['PUT /nodes/pve-node01/lxc/200/config cpuunits=50'] },
    { say: 'set the cpu weight of nginx-proxy to 0', sends: 'clarification' },
  ],
});
