import type { RefusalReason } from '@pxa/contract';
import type { Refusal } from '../kit/index.ts';
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
  const wrong = (input: string, reason: RefusalReason, why: string): number =>
    found.push({ why, next: 'Name another.', input, reason });
  if (name !== undefined && !dnsName.test(name))
    wrong('name', 'not_acceptable', `“${name}” is no name that Proxmox takes: letters, digits, hyphens and dots.`);
  if (cores !== undefined && (cores < 1 || cores > most.cores))
    wrong('cores', sideOf(cores, 1), `${cores} is no number of cores that a ${kind} can have.`);
  if (memory !== undefined && (memory < LEAST_MEMORY || memory > MOST.memory))
    wrong('memory', sideOf(memory, LEAST_MEMORY), `${sizeText(memory)} is no memory that a ${kind} can have.`);
  if (disk !== undefined && (disk < most.disk || disk >= MOST.disk))
    wrong('disk', sideOf(disk, most.disk), `${sizeText(disk)} is no size for a disk.`);
  if (vlan !== undefined && (vlan < 1 || vlan > 4094))
    wrong('vlan', 'not_acceptable', `${vlan} is no VLAN: they go from 1 to 4094.`);
  return found;
}

const sideOf = (value: number, least: number): RefusalReason => (value < least ? 'too_small' : 'too_big');
