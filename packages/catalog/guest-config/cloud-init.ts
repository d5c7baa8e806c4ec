import { action, configFact, type GuestNow, type Planned, type Refusal, refused } from '../kit/index.ts';
import { options } from '../guests/config.ts';
import { addressWithin, whereOf } from '../network/subnet-of.ts';
import { interrupts, withOption } from './nics.ts';
import { setConfig } from './set-config.ts';
import { setTo } from './wording.ts';

const onVm = { dataset: 'guests', type: 'qemu', templates: true } as const;

/** Whether a VM has the drive that cloud-init reads its data from. */
export function hasDrive({ config }: GuestNow): boolean {
  return Object.values(config).some(
    (value) => typeof value === 'string' && /(^|:)(vm-\d+-)?cloudinit(\b|[.,]|$)/.test(value),
  );
}

function withoutDrive(guest: GuestNow): string[] {
  if (hasDrive(guest)) return [];
  return [`${guest.title} has no cloud-init drive: without one nothing inside will read this.`];
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
/** Proxmox takes no network larger than of 8 bits (pve-common JSONSchema.pm, CIDRv4 and CIDRv6). */
const CIDR = new RegExp(
  `^(?:${OCTET}(?:\\.${OCTET}){3}/(?:3[0-2]|[12]\\d|[89])|[0-9a-f:]+:[0-9a-f:]*/(?:12[0-8]|1[01]\\d|[1-9]\\d|[89]))$`,
  'i',
);

const ADDRESS = new RegExp(`^(?:${OCTET}(?:\\.${OCTET}){3}|[0-9a-f:]*:[0-9a-f:]*)$`, 'i');

/** What is wrong with a gateway: it becomes a part of a property string, where a comma would begin another. */
export function gatewayRefusals(gateway: string | undefined): Refusal[] {
  if (gateway === undefined || ADDRESS.test(gateway)) return [];
  const why = `“${gateway}” is no address of a gateway.`;
  return [{ why, next: 'Write it as 10.0.50.1.', input: 'gateway', reason: 'not_acceptable' }];
}

/** What is wrong with an address for ipconfigN; Proxmox checks the rest (pve-common JSONSchema.pm, CIDRv4/CIDRv6). */
export function addressRefusals(ip: string, gateway: string | undefined): Refusal[] {
  const found: Refusal[] = [];
  if (!/^(dhcp|auto)$/.test(ip) && !CIDR.test(ip)) {
    const next = 'Write it as 10.0.50.5/24, or dhcp.';
    found.push({ why: `“${ip}” is no address with its prefix.`, next, input: 'ip', reason: 'not_acceptable' });
  }
  const wrong = gatewayRefusals(gateway);
  found.push(...wrong);
  if (gateway !== undefined && wrong.length === 0 && ip.includes('/') && gateway.includes(':') !== ip.includes(':')) {
    const why = `A gateway ${gateway} cannot go with the address ${ip}: one is of IPv4, the other of IPv6.`;
    found.push({ why, next: 'Name one of the same kind.', input: 'gateway', reason: 'not_acceptable' });
  }
  if (gateway !== undefined && ip === 'dhcp') {
    const why = 'With DHCP, the gateway comes from the DHCP server.';
    found.push({ why, next: 'Leave the gateway out.', input: 'gateway', reason: 'not_acceptable' });
  }
  return found;
}

/** `ip=…,gw=…`, with what else was set kept: the other family's address. */
export function ipConfig(before: unknown, ip: string, gateway: string | undefined): string {
  const isV6 = ip.includes(':') || ip === 'auto';
  const kept = options(before);
  const [own, gate] = isV6 ? ['ip6', 'gw6'] : ['ip', 'gw'];
  const { [own]: _own, [gate]: _gate, ...others } = kept;
  const set = { [own]: ip, ...(gateway === undefined ? {} : { [gate]: gateway }), ...others };
  return Object.entries(set)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** The address of a container stands in its first interface, and it has it at once. */
function containerAddress(
  guest: GuestNow,
  ip: string,
  gateway: string | undefined,
  assumptions: readonly string[],
): Planned {
  const net = guest.config['net0'];
  if (typeof net !== 'string')
    return refused({
      why: `${guest.title} has no net0.`,
      next: `Add an interface: “add a network interface to ${guest.vmid}”.`,
    });
  const isV6 = ip.includes(':') || ip === 'auto';
  const [own, gate] = isV6 ? ['ip6', 'gw6'] : ['ip', 'gw'];
  // A gateway of the network before would not be reached from the new one.
  const set = withOption(withOption(net, own, ip), gate, gateway);
  const before = options(net)[gate];
  const cut = interrupts(guest);
  const lost =
    before === undefined || gateway !== undefined || !ip.includes('/')
      ? []
      : [`Its gateway ${before} goes with the address before: “with gateway ${before}” keeps it.`];
  return setConfig(
    guest,
    { net0: set },
    { says: `Set the address of ${guest.title} to ${ip}`, ...cut, assumptions, warnings: [...cut.warnings, ...lost] },
  );
}

export const address = action({
  id: 'guest.address',
  verb: 'change the address of',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    ...[
      '(cloud-init|cloudinit|cloud init) (ip|address|ip address|network)',
      '(ip|address|ip address|ip config|ipconfig)',
    ].flatMap((noun) => setTo(noun, '{ip}').map((say) => `${say} {*}`)),
    'give {on} [the] (ip|address|ip address) {ip} {*}',
  ],
  input: {
    ip: { kind: 'address', say: [], ask: 'Which address, with its prefix (10.0.50.5/24), or dhcp?' },
    gateway: {
      kind: 'address',
      say: ['(with|and|via|using) (gateway|gw|default gateway) {}', '(gateway|gw) {}', 'via {}'],
    },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const whole = await addressWithin(planning, whereOf(guest), { ip: input.ip ?? '', gateway: input.gateway });
    if (!('ip' in whole)) return refused(...whole);
    const { ip, gateway, assumptions } = whole;
    const inTheWay = addressRefusals(ip, gateway);
    if (inTheWay.length > 0) return refused(...inTheWay);
    if (guest.type === 'lxc') return containerAddress(guest, ip, gateway, assumptions);
    return setConfig(
      guest,
      { ipconfig0: ipConfig(guest.config['ipconfig0'], ip, gateway) },
      {
        says: `Set the cloud-init address of ${guest.title} to ${ip}`,
        assumptions,
        warnings: [
          ...withoutDrive(guest),
          ...(guest.status === 'running'
            ? [`${guest.title} takes a new address from cloud-init at its next start.`]
            : []),
        ],
      },
    );
  },
  examples: [
    {
      say: 'set the cloud-init IP of debian-12-cloud to 10.0.50.5/24 with gateway 10.0.50.1',
      sends: ['PUT /nodes/pve-node01/qemu/9001/config ipconfig0=ip=10.0.50.5/24,gw=10.0.50.1'],
    },
    {
      say: 'set the ip of nginx-proxy to 10.10.20.6/24 with gateway 10.10.20.1',
      sends: [
        'PUT /nodes/pve-node01/lxc/200/config net0=name=eth0,bridge=vmbr0,firewall=1,tag=20,hwaddr=BC:24:11:00:00:C8,ip=10.10.20.6/24,gw=10.10.20.1,type=veth',
      ],
    },
    { say: 'set the ip of 9001 to 10.0.50.5', sends: 'clarification' },
  ],
});

export const user = action({
  id: 'guest.cloud_user',
  verb: 'change the cloud-init user of',
  risk: 'change',
  on: onVm,
  say: setTo('(cloud-init|cloudinit|cloud init) (user|username|user name)', '{user}'),
  input: { user: { kind: 'word', say: [], ask: 'Which user?' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    return setConfig(
      guest,
      { ciuser: input.user ?? '' },
      {
        says: `Set the cloud-init user of ${guest.title} to ${input.user ?? ''}`,
        warnings: withoutDrive(guest),
      },
    );
  },
  examples: [
    {
      say: 'set the cloud-init user of debian-12-cloud to ops',
      sends: ['PUT /nodes/pve-node01/qemu/9001/config ciuser=ops'],
    },
    {
      say: 'set the cloud-init user of ubuntu-22.04-cloud to deploy',
      sends: ['PUT /nodes/pve-node02/qemu/9000/config ciuser=deploy'],
    },
    { say: 'set the cloud-init user of nginx-proxy to ops', sends: 'clarification' },
  ],
});

export const password = action({
  id: 'guest.cloud_password',
  verb: 'change the cloud-init password of',
  risk: 'change',
  on: onVm,
  say: setTo('(cloud-init|cloudinit|cloud init) (password|user password)', '{password}'),
  input: { password: { kind: 'text', say: [], ask: 'Which password? Write it in quotes.' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { password: secret = '' } = input;
    if (secret.length < 5)
      return refused({ why: 'That is too short for a password.', next: 'Take five letters at least.' });
    return setConfig(
      guest,
      { cipassword: secret },
      {
        says: `Set the cloud-init password of ${guest.title}`,
        warnings: [
          ...withoutDrive(guest),
          ...(guest.status === 'stopped' ? [] : [`${guest.title} takes it from cloud-init at its next start.`]),
        ],
        // Proxmox keeps its hash, and shows stars (qemu-server Qemu.pm, cipassword).
        expects: [configFact(guest, 'cipassword', '**********')],
        show: () => 'another one',
        undo: 'none',
      },
    );
  },
  examples: [
    {
      say: 'set the cloud-init password of debian-12-cloud to "correct horse"',
      sends: ['PUT /nodes/pve-node01/qemu/9001/config'],
    },
    { say: 'set the cloud-init password of debian-12-cloud to "abc"', sends: 'clarification' },
    { say: 'set the cloud-init password of nginx-proxy to "correct horse"', sends: 'clarification' },
  ],
});

const KEY = /^(ssh-(ed25519|rsa|dss)|ecdsa-sha2-nistp\d+|sk-[\w-]+@openssh\.com) [A-Za-z0-9+/=]+( .*)?$/;

export function sshKeyRefusals(key: string, input = 'key'): Refusal[] {
  if (KEY.test(key.trim())) return [];
  const next = 'Paste the line of the .pub file in quotes: "ssh-ed25519 AAAA… name".';
  return [{ why: 'That is no public SSH key.', next, input, reason: 'not_acceptable' }];
}

/** Keys as Proxmox wants them: percent-encoded once more than the form does (BEHAVIOUR 6). */
export function sshKeysText(keys: readonly string[]): string {
  return encodeURIComponent(`${keys.map((key) => key.trim()).join('\n')}\n`);
}
