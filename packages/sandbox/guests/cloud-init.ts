import { configHash } from '../state/config-hash.ts';
import { properties } from '../state/guest-size.ts';
import type { Guest, GuestConfig, Row } from '../state/model.ts';

const OPTION = /^(?:ci(?:custom|password|type|user|upgrade)|ipconfig\d+|nameserver|searchdomain|sshkeys)$/;

export function hasCloudInitDrive({ config }: Guest): boolean {
  return Object.values(config).some((value) => /-cloudinit(?:\.\w+)?(?:,|$)/.test(String(value)));
}

function optionsOf(config: GuestConfig): GuestConfig {
  return Object.fromEntries(Object.entries(config).filter(([key]) => OPTION.test(key)));
}

/** Before options of a guest that runs are changed: what its drive holds is what they were. */
export function keepCloudInit(guest: Guest): void {
  if (guest.status === 'running' && hasCloudInitDrive(guest)) guest.cloudInit ??= optionsOf(guest.config);
}

/** The drive is written anew, from what the options are now. */
export function writeCloudInit(guest: Guest): void {
  guest.cloudInit = optionsOf(guest.config);
}

/** PVE::QemuServer::Cloudinit::get_pending_config: what the drive holds, and what it would hold if written now. */
export function cloudInitRows(guest: Guest): Row[] {
  const now = optionsOf(guest.config);
  const written = guest.cloudInit ?? now;
  const keys = [...new Set([...Object.keys(written), ...Object.keys(now)])];
  return keys.sort().map((key) => {
    const [value, pending] = [hide(key, written[key]), hide(key, now[key])];
    return {
      key,
      ...(value === undefined ? {} : { value }),
      ...(written[key] === now[key] || pending === undefined ? {} : { pending }),
      ...(pending === undefined ? { delete: 1 } : {}),
    };
  });
}

function hide(key: string, value: string | number | undefined): string | number | undefined {
  return key === 'cipassword' && value !== undefined ? '**********' : value;
}

/** What the drive's files hold: PVE::QemuServer::Cloudinit. */
export function cloudInitFile(guest: Guest, name: string, type: string): string {
  if (type === 'meta') return `instance-id: ${configHash(guest.config)}\n`;
  return type === 'network' ? networkData(guest) : userData(guest, name);
}

function userData({ config }: Guest, hostname: string): string {
  const user = config['ciuser'] === undefined ? undefined : String(config['ciuser']);
  const keys = decoded(String(config['sshkeys'] ?? ''))
    .split('\n')
    .filter((line) => line.trim() !== '');
  const domain = config['searchdomain'] === undefined ? '' : `fqdn: ${hostname}.${config['searchdomain']}\n`;
  return [
    '#cloud-config\n',
    `hostname: ${hostname}\n`,
    'manage_etc_hosts: true\n',
    domain,
    user === undefined ? '' : `user: ${user}\n`,
    user === 'root' ? 'disable_root: False\n' : '',
    config['cipassword'] === undefined ? '' : `password: ${config['cipassword']}\n`,
    keys.length === 0 ? '' : `ssh_authorized_keys:\n${keys.map((key) => `  - ${key}\n`).join('')}`,
    'chpasswd:\n  expire: False\n',
    user === 'root' ? '' : 'users:\n  - default\n',
    Number(config['ciupgrade'] ?? 1) === 1 ? 'package_upgrade: true\n' : '',
  ].join('');
}

/** URI::Escape::uri_unescape leaves alone what is no escape. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function networkData({ config }: Guest): string {
  const nics = Object.keys(config).filter((key) => /^net\d+$/.test(key));
  const blocks = nics.sort().map((key) => {
    const mac = /([0-9A-F]{2}(?::[0-9A-F]{2}){5})/i.exec(String(config[key]))?.[1]?.toLowerCase() ?? '';
    const head = `    - type: physical\n      name: eth${key.slice(3)}\n      mac_address: '${mac}'\n`;
    return `${head}      subnets:\n${subnets(properties(config[`ipconfig${key.slice(3)}`]))}`;
  });
  return `version: 1\nconfig:\n${blocks.join('')}${nameservers(config)}`;
}

function subnets(ip: Record<string, string>): string {
  const v4 = subnet(ip['ip'], ip['gw'], 'dhcp4');
  const v6 = ip['ip6'] === 'auto' ? '      - type: ipv6_slaac\n' : subnet(ip['ip6'], ip['gw6'], 'dhcp6');
  return v4 + v6;
}

function subnet(address: string | undefined, gateway: string | undefined, dhcp: string): string {
  if (address === undefined) return '';
  if (address === 'dhcp') return `      - type: ${dhcp}\n`;
  const way = gateway === undefined ? '' : `        gateway: '${gateway}'\n`;
  const [host = '', length = '24'] = address.split('/');
  if (dhcp === 'dhcp6') return `      - type: static6\n        address: '${address}'\n${way}`;
  return `      - type: static\n        address: '${host}'\n        netmask: '${mask(Number(length))}'\n${way}`;
}

/** `24` → `255.255.255.0`. */
function mask(length: number): string {
  const bits = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}

function nameservers(config: GuestConfig): string {
  const list = (key: string, word: string): string => {
    const values = String(config[key] ?? '')
      .split(/[\s,;]+/)
      .filter((entry) => entry !== '');
    return values.length === 0 ? '' : `      ${word}:\n${values.map((value) => `      - '${value}'\n`).join('')}`;
  };
  const parts = list('nameserver', 'address') + list('searchdomain', 'search');
  return parts === '' ? '' : `    - type: nameserver\n${parts}`;
}
