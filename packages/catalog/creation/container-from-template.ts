import {
  action,
  call,
  type Given,
  type GuestNow,
  listedFact,
  locked,
  piece,
  type PieceStep,
  type Planned,
  refused,
  type Refusal,
  sameConfig,
} from '../kit/index.ts';
import { addressRefusals } from '../guest-config/cloud-init.ts';
import { withOption, withoutMac } from '../guest-config/nics.ts';
import { disksOf, placeFor } from '../guest-disks/disks.ts';
import { copyChanges } from './copied.ts';
import { bridgeFor, idFor } from './placement.ts';
import { namesakes, saidRefusals } from './said.ts';
import { newGuest } from './words.ts';

const MiB = 2 ** 20;

const { disk: _disk, node: _node, ...said } = newGuest;
const input = {
  ...said,
  template: {
    kind: 'guest',
    say: ['(from|based on|out of|using|with) [template|the template|container|ct] {}'],
    ask: 'From which template?',
  },
} as const;

type Told = Given<typeof input>;

interface Made {
  readonly vmid: number;
  readonly node: string;
  readonly title: string;
}

function refusalsOf(template: GuestNow, told: Told): Refusal[] {
  const { name = '', ip, gateway } = told;
  const found = [...locked(template), ...saidRefusals('container', told)];
  const { title, vmid } = template;
  if (template.type === 'qemu') {
    const say = `clone ${vmid} as ${name}`;
    found.push({ why: `${title} is a VM, not a container.`, next: `Clone it: “${say}”.`, say });
  }
  if (!template.isTemplate && template.status !== 'stopped') {
    const say = `shut down ${vmid}`;
    found.push({
      why: `${title} is no template and runs: it cannot be copied so.`,
      next: `Shut it down first: “${say}”.`,
      say,
    });
  }
  return ip === undefined ? found : [...found, ...addressRefusals(ip, gateway)];
}

/** The first interface as the template has it, with what is wanted of it. */
function networkOf(template: GuestNow, { bridge, vlan, ip, gateway }: Told): string | undefined {
  if (bridge === undefined && vlan === undefined && ip === undefined) return undefined;
  const before = withoutMac(String(template.config['net0'] ?? 'name=eth0,bridge=vmbr0,ip=dhcp'));
  // With another address, the template's gateway would be one of another network.
  const wanted = { bridge, tag: vlan?.toString(), ip, gw: gateway ?? (ip === undefined ? undefined : null) };
  return Object.entries(wanted).reduce(
    (value, [key, to]) => (to === undefined ? value : withOption(value, key, to ?? undefined)),
    before,
  );
}

function cloneStep(template: GuestNow, made: Made, { name = '', storage }: Told): PieceStep {
  const { vmid, node, title } = made;
  const at = { node, vmid: template.vmid, newid: vmid, hostname: name, full: true };
  const more = storage === undefined ? {} : { storage };
  return {
    ...call('POST', '/nodes/{node}/lxc/{vmid}/clone', { ...at, ...more }, `Copy ${template.title} to ${title}`),
    node,
    tasks: [{ type: 'vzclone', id: String(template.vmid) }],
    limitSeconds: 24 * 3_600,
    relies: [sameConfig(template), listedFact(made, 'vmid', null)],
    expects: [listedFact(made, 'node', node), listedFact(made, 'name', name)],
    undo: [call('DELETE', '/nodes/{node}/lxc/{vmid}', { node, vmid, purge: true }, `Delete the half-made ${title}`)],
  };
}

/** What is set on the copy, in one call; nothing where nothing was said. */
function configure(template: GuestNow, made: Made, told: Told): PieceStep[] {
  const net0 = networkOf(template, told);
  const set: Record<string, string | number> = {
    ...(told.cores === undefined ? {} : { cores: told.cores }),
    ...(told.memory === undefined ? {} : { memory: Math.round(told.memory / MiB) }),
    ...(told.tags === undefined ? {} : { tags: told.tags.join(';') }),
    ...(net0 === undefined ? {} : { net0 }),
  };
  if (Object.keys(set).length === 0) return [];
  const { node, vmid, title } = made;
  const says = `Set ${Object.keys(set).join(', ')} of ${title}`;
  return [
    {
      ...call('PUT', '/nodes/{node}/lxc/{vmid}/config', { node, vmid, ...set }, says),
      node,
      limitSeconds: 120,
      relies: [listedFact(made, 'node', node)],
      expects: Object.entries(set).map(([name, value]) => ({
        about: `${name} of ${title}`,
        read: { path: `/nodes/${node}/lxc/${vmid}/config`, params: {} },
        at: [name],
        is: value,
        ...(name === 'net0' ? { how: 'parts' as const } : {}),
      })),
    },
  ];
}

function startStep(made: Made): PieceStep {
  const { node, vmid, title } = made;
  return {
    ...call('POST', '/nodes/{node}/lxc/{vmid}/status/start', { node, vmid }, `Start ${title}`),
    node,
    tasks: [{ type: 'vzstart', id: String(vmid) }],
    limitSeconds: 600,
    relies: [listedFact(made, 'node', node)],
    expects: [listedFact(made, 'status', 'running')],
  };
}

export const containerFromTemplate = action({
  id: 'container.from_template',
  verb: 'create a container from a template',
  risk: 'change',
  say: [
    '(create|make|build|provision|deploy|spin up|set up|launch|add) [me] [new] {*} (container|ct|lxc|lxc container) {*} (from|based on|out of|using) [template|container|ct] {template} {*}',
  ],
  input,
  async plan(planning, { input: told }): Promise<Planned> {
    if (told.name === undefined)
      return { kind: 'ask', question: 'What is the new container to be called?', options: [] };
    const template = await planning.guest(told.template ?? '');
    const wrong = refusalsOf(template, told);
    if (wrong.length > 0) return refused(...wrong);
    const id = await idFor(planning, told.vmid);
    if ('refusals' in id) return refused(...id.refusals);
    const { node } = template;
    const bytes = disksOf(template).reduce((sum, { size = 0 }) => sum + size, 0);
    const named = told.storage;
    const place =
      named === undefined ? undefined : await placeFor(planning, { node, content: 'rootdir', named, bytes });
    if (place !== undefined && 'refusals' in place) return refused(...place.refusals);
    const net = told.bridge === undefined ? [] : await bridgeFor(planning, node, told.bridge);
    if ('refusals' in net) return refused(...net.refusals);
    const made = { vmid: id.vmid, node, title: `Container ${id.vmid} ${told.name}` };
    const setup = configure(template, made, told);
    return piece({
      says: `Create ${made.title} from ${template.title}`,
      steps: [cloneStep(template, made, told), ...setup, ...(told.start === true ? [startStep(made)] : [])],
      assumptions: [
        ...id.assumptions,
        `Node ${node}: where ${template.title} is`,
        'A full copy: it does not depend on the template',
        ...(told.start === true ? [] : ['It is not started: “and start it” does that, too']),
      ],
      warnings: [
        ...(await namesakes(planning, told.name)),
        ...(template.isTemplate ? [] : [`${template.title} is no template, but a guest: its data is copied along.`]),
      ],
      changes: copyChanges(template, made.title, setup),
    });
  },
  examples: [
    {
      say: 'create a container named web-08 from dev-sandbox with 4 cores and start it',
      sends: [
        'POST /nodes/pve-node02/lxc/203/clone newid=106 hostname=web-08 full=1',
        'PUT /nodes/pve-node02/lxc/106/config cores=4',
        'POST /nodes/pve-node02/lxc/106/status/start',
      ],
    },
    { say: 'create a container named web-08 from nginx-proxy', sends: 'clarification' },
    { say: 'create a container named web-09 from pihole-primary', sends: 'clarification' },
  ],
});
