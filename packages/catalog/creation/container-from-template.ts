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
  type Planning,
  refused,
  type Refusal,
  sameConfig,
} from '../kit/index.ts';
import { addressRefusals, gatewayRefusals } from '../guest-config/cloud-init.ts';
import { withOption, withoutMac } from '../guest-config/nics.ts';
import { disksOf, placeFor } from '../guest-disks/disks.ts';
import { addressWithin, whereOf } from '../network/subnet-of.ts';
import { besideConfig, besideRefusals, type Made, setUpBeside } from './beside.ts';
import { growRoot, startStep } from './container-steps.ts';
import { copyChanges } from './copied.ts';
import { bridgeFor, idFor } from './placement.ts';
import { namesakes, takenName } from '../guests/namesakes.ts';
import { saidRefusals } from './said.ts';
import { beside, newGuest } from './words.ts';

const MiB = 2 ** 20;

// For programs: what people say of a copy's size and place is understood otherwise.
const { disk: _disk, node: _node, ...said } = newGuest;
const input = {
  ...said,
  ...beside,
  disk: { kind: 'size', say: [], byPrograms: true },
  node: { kind: 'node', say: [], byPrograms: true },
  template: {
    kind: 'guest',
    say: ['(from|based on|out of|using|with) [template|the template|container|ct] {}'],
    ask: 'From which template?',
  },
} as const;

type Told = Given<typeof input>;

function refusalsOf(template: GuestNow, told: Told): Refusal[] {
  const { name = '', ip, gateway } = told;
  const found = [...locked(template), ...saidRefusals('container', told), ...besideRefusals(told)];
  const { title, vmid } = template;
  if (template.type === 'qemu') {
    const say = `clone ${vmid} as ${name}`;
    const why = `${title} is a VM, not a container.`;
    found.push({ why, next: `Clone it: “${say}”.`, say, input: 'template', reason: 'not_acceptable' });
  }
  if (!template.isTemplate && template.status !== 'stopped') {
    const say = `shut down ${vmid}`;
    found.push({
      why: `${title} is no template and runs: it cannot be copied so.`,
      next: `Shut it down first: “${say}”.`,
      say,
    });
  }
  if (told.node !== undefined && told.node !== template.node) {
    const why = `${title} is on ${template.node}: a copy of it is made there.`;
    found.push({ why, next: `Migrate it to ${told.node} afterwards.`, input: 'node', reason: 'not_acceptable' });
  }
  return [...found, ...(ip === undefined ? gatewayRefusals(gateway) : addressRefusals(ip, gateway))];
}

/** The first interface as the template has it, with what is wanted of it. */
function networkOf(template: GuestNow, { bridge, vlan, ip, gateway, firewall }: Told): string | undefined {
  if (bridge === undefined && vlan === undefined && ip === undefined && firewall !== true) return undefined;
  const before = withoutMac(String(template.config['net0'] ?? 'name=eth0,bridge=vmbr0,ip=dhcp'));
  // With another address, the template's gateway would be one of another network.
  const gw = gateway ?? (ip === undefined ? undefined : null);
  const wanted = { bridge, tag: vlan?.toString(), ip, gw, firewall: firewall === true ? '1' : undefined };
  return Object.entries(wanted).reduce(
    (value, [key, to]) => (to === undefined ? value : withOption(value, key, to ?? undefined)),
    before,
  );
}

/** A container is given keys when it is made of an archive, and never after that. */
function keyRefusals({ keys }: Told): Refusal[] {
  if (keys === undefined) return [];
  const why = 'Proxmox gives a container SSH keys only when it is made of an archive, not of another container.';
  return [{ why, next: 'Leave them out: a copy has those of its template.', input: 'keys', reason: 'not_acceptable' }];
}

/** What was said with its address made whole: prefix and gateway, where these were left out and the network has them. */
async function addressed(
  planning: Planning,
  template: GuestNow,
  told: Told,
): Promise<{ told: Told; assumptions: readonly string[] } | Refusal[]> {
  if (told.ip === undefined) return { told, assumptions: [] };
  const where = whereOf(template, told);
  const found = await addressWithin(planning, where, { ip: told.ip, gateway: told.gateway });
  if (!('ip' in found)) return found;
  const { ip, gateway, assumptions } = found;
  return { told: { ...told, ip, ...(gateway === undefined ? {} : { gateway }) }, assumptions };
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
    ...besideConfig(told),
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

export const containerFromTemplate = action({
  id: 'container.from_template',
  verb: 'create a container from a template',
  risk: 'change',
  say: [
    '(create|make|build|provision|deploy|spin up|set up|launch|add) [me] [new] {*} (container|ct|lxc|lxc container) {*} (from|based on|out of|using) [template|container|ct] {template} {*}',
  ],
  input,
  async plan(planning, { input: said }): Promise<Planned> {
    const { name, among } = said;
    if (name === undefined)
      return {
        kind: 'ask',
        question: 'What is the new container to be called?',
        options: [],
        input: 'name',
        reason: 'required',
      };
    const template = await planning.guest(said.template ?? '');
    const whole = await addressed(planning, template, said);
    if (!('told' in whole)) return refused(...whole);
    const { told } = whole;
    const wrong = [...refusalsOf(template, told), ...keyRefusals(told), ...(await takenName(planning, told))];
    if (wrong.length > 0) return refused(...wrong);
    const id = await idFor(planning, told);
    if ('refusals' in id) return refused(...id.refusals);
    const { node } = template;
    const bytes = disksOf(template).reduce((sum, { size = 0 }) => sum + size, 0);
    const named = told.storage;
    const isPlaced = named === undefined && among === undefined;
    const place = isPlaced ? undefined : await placeFor(planning, { node, content: 'rootdir', named, among, bytes });
    if (place !== undefined && 'refusals' in place) return refused(...place.refusals);
    const net = told.bridge === undefined ? [] : await bridgeFor(planning, node, told.bridge);
    if ('refusals' in net) return refused(...net.refusals);
    const made: Made = { type: 'lxc', vmid: id.vmid, node, title: `Container ${id.vmid} ${name}` };
    const more = await setUpBeside(planning, made, told);
    if (!('steps' in more)) return refused(...more);
    const grown = growRoot(template, made, told);
    if ('kind' in grown) return grown;
    const setup = [...configure(template, made, told), ...grown.steps];
    const clone = cloneStep(template, made, place === undefined ? told : { ...told, storage: place.storage.storage });
    return piece({
      says: `Create ${made.title} from ${template.title}`,
      steps: [clone, ...setup, ...more.steps, ...(told.start === true ? [startStep(made)] : []), ...more.last],
      assumptions: [
        ...id.assumptions,
        `Node ${node}: where ${template.title} is`,
        ...(place?.assumptions ?? []),
        ...whole.assumptions,
        'A full copy: it does not depend on the template',
        ...more.assumptions,
        ...(told.start === true ? [] : ['It is not started: “and start it” does that, too']),
      ],
      warnings: [
        ...(await namesakes(planning, name)),
        ...(template.isTemplate ? [] : [`${template.title} is no template, but a guest: its data is copied along.`]),
        ...more.warnings,
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
