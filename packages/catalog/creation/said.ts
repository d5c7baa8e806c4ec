import type { Planning, Refusal } from '../kit/index.ts';
import { sizeText } from '../kit/index.ts';
import { dnsName } from '../guest-config/identity.ts';

const [MiB, GiB, TiB, PiB] = [2 ** 20, 2 ** 30, 2 ** 40, 2 ** 50];

/** What is said of a guest that is to be made; what was not said is not looked at. */
interface Said {
  readonly name?: string | undefined;
  readonly cores?: number | undefined;
  readonly memory?: number | undefined;
  readonly disk?: number | undefined;
  readonly vlan?: number | undefined;
}

/** How far a kind of guest goes: cores, and the smallest disk. More than the most of memory and disk nobody has. */
const KINDS = {
  VM: { cores: 512, disk: GiB },
  container: { cores: 8_192, disk: 128 * MiB },
} as const;
const MOST = { memory: 64 * TiB, disk: PiB };
/** Proxmox's own least (qemu-server Memory.pm; pve-container LXC/Config.pm). */
const LEAST_MEMORY = 16 * MiB;

/** What no guest of that kind can be made with, however the cluster is. */
export function saidRefusals(kind: keyof typeof KINDS, { name, cores, memory, disk, vlan }: Said): Refusal[] {
  const most = KINDS[kind];
  const found: Refusal[] = [];
  const next = 'Name another.';
  if (name !== undefined && !dnsName.test(name))
    found.push({ why: `“${name}” is no name that Proxmox takes: letters, digits, hyphens and dots.`, next });
  if (cores !== undefined && (cores < 1 || cores > most.cores))
    found.push({ why: `${cores} is no number of cores that a ${kind} can have.`, next });
  if (memory !== undefined && (memory < LEAST_MEMORY || memory > MOST.memory))
    found.push({ why: `${sizeText(memory)} is no memory that a ${kind} can have.`, next });
  if (disk !== undefined && (disk < most.disk || disk >= MOST.disk))
    found.push({ why: `${sizeText(disk)} is no size for a disk.`, next });
  if (vlan !== undefined && (vlan < 1 || vlan > 4094))
    found.push({ why: `${vlan} is no VLAN: they go from 1 to 4094.`, next });
  return found;
}

/** That others are called so already: Proxmox allows it, and people then take one for the other. */
export async function namesakes(planning: Planning, name: string | undefined): Promise<string[]> {
  const list = await planning.list('/cluster/resources', {});
  if (name === undefined || !list.ok) return [];
  const same = list.data.filter(
    ({ data }) =>
      /^(?:qemu|lxc)$/.test(String(data['type'])) && String(data['name']).toLowerCase() === name.toLowerCase(),
  );
  const who = same.map(({ data }) => `${data['type'] === 'lxc' ? 'container' : 'VM'} ${String(data['vmid'])}`);
  return who.length === 0
    ? []
    : [`${name} is the name of ${who.join(' and ')} already; Proxmox takes it all the same.`];
}
