import { action, type GuestNow, needed, type Planned, type Planning, type Refusal, refused } from '../kit/index.ts';
import { numbered } from '../guests/config.ts';
import { setConfig } from './set-config.ts';
import { setBare, setTo } from './wording.ts';

const onGuest = { dataset: 'guests', templates: true } as const;
export const nic = { kind: 'nic', say: ['(on|of|for) {}', 'interface {}'] } as const;

/** The interface that is meant: the one named, or the only one. */
export function nicOf(guest: GuestNow, named: string | undefined): { key: string; value: string } | Planned {
  const nics = numbered(guest.config, 'net');
  const found =
    named === undefined || named === ''
      ? nics.length === 1
        ? nics[0]
        : undefined
      : nics.find(({ key }) => key === named);
  if (found !== undefined) return found;
  if (nics.length === 0) return refused({ why: `${guest.title} has no network interface.`, next: 'Add one first.' });
  return {
    kind: 'ask',
    question: `${guest.title} has ${nics.map(({ key }) => key).join(', ')}. Which of them?`,
    options: nics.map(({ key, value }) => ({ label: `${key} (${value})`, say: key })),
  };
}

export const isNic = (found: { key: string; value: string } | Planned): found is { key: string; value: string } =>
  'key' in found;

/** The property string with one option set, or taken out; the rest stays to the letter, as the MAC address must. */
export function withOption(value: string, key: string, to: string | undefined): string {
  const parts = value.split(',');
  const at = parts.findIndex((part) => part.startsWith(`${key}=`));
  if (to === undefined) return parts.filter((_, index) => index !== at || at < 0).join(',');
  if (at >= 0) parts[at] = `${key}=${to}`;
  else parts.push(`${key}=${to}`);
  return parts.join(',');
}

/** An interface as a copy of its guest is to have it: all but the MAC address, which Proxmox gives each copy. */
export function withoutMac(value: string): string {
  const [head = '', ...rest] = value.split(',');
  const model = /^\w+=[0-9A-F]{2}(?::[0-9A-F]{2}){5}$/i.test(head) ? head.slice(0, head.indexOf('=')) : head;
  return [model, ...rest.filter((part) => !/^(?:hwaddr|macaddr)=/.test(part))].join(',');
}

/** What a NIC's change means to those who use it. */
export function interrupts(guest: GuestNow): { risk: 'disruptive' | 'change'; warnings: string[] } {
  const isUp = guest.status !== 'stopped';
  return {
    risk: isUp ? 'disruptive' : 'change',
    warnings: isUp ? [`${guest.title} is running: its connections are cut while the interface changes.`] : [],
  };
}

export const vlan = action({
  id: 'guest.vlan',
  verb: 'change the VLAN of',
  risk: 'disruptive',
  on: onGuest,
  say: [
    ...setTo('(vlan|vlan tag|vlan id)', '{tag}').map((say) => `${say} {*}`),
    ...setBare('(vlan|vlan tag|vlan id)', '{tag}').map((say) => `${say} {*}`),
    '(use|put) vlan {tag} (on|for) {on} {*}',
    '(put|move) {on} (into|in|to|on|onto) vlan {tag} {*}',
  ],
  input: { tag: { kind: 'count', say: [], ask: 'Which VLAN?' }, nic },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { tag = 0 } = input;
    const wrong = vlanRefusals(tag);
    if (wrong.length > 0) return refused(...wrong);
    const found = nicOf(guest, input.nic);
    if (!isNic(found)) return found;
    return setConfig(
      guest,
      { [found.key]: withOption(found.value, 'tag', String(tag)) },
      {
        says: `Put ${found.key} of ${guest.title} into VLAN ${tag}`,
        ...interrupts(guest),
      },
    );
  },
  examples: [
    { say: 'change the vlan of build-agent to 55', sends: ['PUT /nodes/pve-node02/qemu/104/config'] },
    { say: 'put nginx-proxy into vlan 5000', sends: 'clarification' },
    {
      say: 'set the vlan of nginx-proxy to 30',
      sends: [
        'PUT /nodes/pve-node01/lxc/200/config net0=name=eth0,bridge=vmbr0,firewall=1,tag=30,hwaddr=BC:24:11:00:00:C8,ip=10.10.20.5/24,gw=10.10.20.1,type=veth',
      ],
    },
  ],
});

function vlanRefusals(tag: number | undefined): Refusal[] {
  if (tag === undefined || (tag >= 1 && tag <= 4094)) return [];
  const why = `${tag} is no VLAN: they go from 1 to 4094.`;
  return [{ why, next: 'Name another number.', input: 'tag', reason: 'not_acceptable' }];
}

/** What is wrong with a bridge of that name for a guest on its node. */
async function bridgeRefusals(planning: Planning, guest: GuestNow, bridge: string): Promise<Refusal[]> {
  const list = needed(
    await planning.list('/nodes/{node}/network', { node: guest.node, type: 'any_bridge' }),
    `The bridges of ${guest.node}`,
  );
  const names = list.map(({ data }) => String(data['iface']));
  if (names.includes(bridge)) return [];
  const why = `${guest.node} has no bridge ${bridge}; it has ${names.join(', ')}.`;
  return [{ why, next: 'Name one of these.', input: 'bridge', reason: 'not_found' }];
}

export const bridge = action({
  id: 'guest.bridge',
  verb: 'change the bridge of',
  risk: 'disruptive',
  on: onGuest,
  say: [
    ...setTo('(bridge|network bridge|network)', '{bridge}').map((say) => `${say} {*}`),
    '(connect|attach|move) {on} to [bridge] {bridge} {*}',
  ],
  input: { bridge: { kind: 'bridge', say: [], ask: 'Which bridge?' }, nic },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { bridge: to = '' } = input;
    const inTheWay = await bridgeRefusals(planning, guest, to);
    if (inTheWay.length > 0) return refused(...inTheWay);
    const found = nicOf(guest, input.nic);
    if (!isNic(found)) return found;
    return setConfig(
      guest,
      { [found.key]: withOption(found.value, 'bridge', to) },
      {
        says: `Connect ${found.key} of ${guest.title} to ${to}`,
        ...interrupts(guest),
      },
    );
  },
  examples: [
    { say: 'change the bridge of build-agent to vmbr1', sends: 'clarification' },
    { say: 'change the bridge of nginx-proxy to vmbr9', sends: 'clarification' },
    { say: 'connect build-agent to vmbr0', sends: 'answer' },
    { say: 'connect build-agent to vmbr9', sends: 'clarification' },
  ],
});

export const addNic = action({
  id: 'guest.add_nic',
  verb: 'add a network interface to',
  risk: 'change',
  on: onGuest,
  say: [
    '(add|attach) [new|another|second] (network interface|nic|network card|interface|network adapter|network device) {*} to {on} {*}',
    'give {on} [another|second] (network interface|nic|network card) {*}',
  ],
  input: {
    bridge: { kind: 'bridge', say: ['(on|to|at|with) [bridge] {}', 'bridge {}'] },
    vlan: { kind: 'count', say: ['(with|in|on|and) (vlan|vlan tag|tag) {}', 'vlan {}'] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const nics = numbered(guest.config, 'net');
    const index = [...Array(32).keys()].find((n) => !nics.some((each) => each.index === n)) ?? 31;
    const to = input.bridge ?? 'vmbr0';
    const inTheWay = [...vlanRefusals(input.vlan), ...(await bridgeRefusals(planning, guest, to))];
    if (inTheWay.length > 0) return refused(...inTheWay);
    const head = guest.type === 'qemu' ? `virtio,bridge=${to}` : `name=eth${index},bridge=${to}`;
    const value = input.vlan === undefined ? head : `${head},tag=${input.vlan}`;
    return setConfig(
      guest,
      { [`net${index}`]: value },
      {
        says: `Add net${index} on ${to} to ${guest.title}`,
        assumptions: input.bridge === undefined ? [`Bridge ${to}: the one that Proxmox sets up first.`] : [],
      },
    );
  },
  examples: [
    {
      say: 'add a network interface to build-agent on vmbr0 with vlan 30',
      sends: ['PUT /nodes/pve-node02/qemu/104/config net1=virtio,bridge=vmbr0,tag=30'],
    },
    {
      say: 'add a nic on vmbr0 vlan 40 to build-agent',
      sends: ['PUT /nodes/pve-node02/qemu/104/config net1=virtio,bridge=vmbr0,tag=40'],
    },
    { say: 'add a network interface to build-agent on vmbr9', sends: 'clarification' },
  ],
});

export const removeNic = action({
  id: 'guest.remove_nic',
  verb: 'remove a network interface of',
  risk: 'disruptive',
  on: onGuest,
  say: ['(remove|delete|detach|drop) {nic} (from|of) {on}', '(remove|delete|detach|drop) {on} {nic}'],
  input: { nic: { kind: 'nic', say: [], ask: 'Which interface?' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const found = nicOf(guest, input.nic);
    if (!isNic(found)) return found;
    return setConfig(
      guest,
      { [found.key]: null },
      {
        says: `Remove ${found.key} of ${guest.title}`,
        ...interrupts(guest),
        loses: [`${found.key} of ${guest.title} (${found.value}), with its MAC address`],
      },
    );
  },
  examples: [
    { say: 'remove net0 from build-agent', sends: ['PUT /nodes/pve-node02/qemu/104/config delete=net0'] },
    { say: 'remove net3 from build-agent', sends: 'clarification' },
    { say: 'delete net0 of dev-sandbox', sends: ['PUT /nodes/pve-node02/lxc/203/config delete=net0'] },
  ],
});
