import type { Fact, Risk } from '@pxa/contract';
import {
  already,
  call,
  configFact,
  type GuestNow,
  locked,
  piece,
  type Piece,
  type Planned,
  sameConfig,
  statusFact,
} from '../kit/index.ts';

/** Keys of a guest's configuration as they are to be; null takes a key away, which gives Proxmox's default. */
export type Wanted = Readonly<Record<string, string | number | boolean | null>>;

/** What is said of a change of configuration. */
interface Told {
  readonly says: string;
  readonly risk?: Risk;
  readonly assumptions?: readonly string[];
  readonly warnings?: readonly string[];
  readonly loses?: readonly string[];
  /** What takes it back, where it is not setting the values of before; `none` where these cannot be read. */
  readonly undo?: { action: string; input: Readonly<Record<string, unknown>> } | 'none';
  /** Keys that a running guest takes at once, other than usually. */
  readonly atOnce?: readonly string[];
  /** What must be so afterwards, where Proxmox keeps something else than what it is sent: the name of a new volume. */
  readonly expects?: readonly Fact[];
  /** How a key's value is shown; the value itself where it is not. */
  readonly show?: (key: string, value: unknown) => string;
}

/**
 * One change of a guest's configuration: it carries the digest that it was planned on, so that Proxmox itself refuses
 * it where somebody else was faster (BEHAVIOUR 5), and what it cannot change while the guest runs is said to be pending.
 */
export function setConfig(guest: GuestNow, wanted: Wanted, told: Told): Planned {
  const { show = (_key, value) => String(value) } = told;
  const changed = Object.entries(wanted).filter(([key, value]) => !isSame(guest.config[key], value));
  const shown = (key: string, value: unknown): string | null =>
    value === undefined || value === null ? null : show(key, value);
  if (changed.length === 0) {
    const now = Object.keys(wanted).map((key) => `${key}: ${shown(key, guest.config[key]) ?? 'not set'}`);
    return already(`${guest.title} is set so already (${now.join(', ')}).`);
  }
  const blocked = locked(guest);
  if (blocked.length > 0) return { kind: 'refused', refusals: blocked };
  const set = Object.fromEntries(changed.filter(([, value]) => value !== null));
  const gone = changed.filter(([, value]) => value === null).map(([key]) => key);
  const params = { ...set, ...(gone.length === 0 ? {} : { delete: gone.join(',') }), digest: guest.digest };
  const at = { node: guest.node, vmid: guest.vmid };
  const step =
    guest.type === 'qemu'
      ? call('PUT', '/nodes/{node}/qemu/{vmid}/config', { ...at, ...params }, told.says)
      : call('PUT', '/nodes/{node}/lxc/{vmid}/config', { ...at, ...params }, told.says);
  return piece({
    says: told.says,
    ...(told.risk === undefined ? {} : { risk: told.risk }),
    steps: [
      {
        ...step,
        node: guest.node,
        limitSeconds: 120,
        relies: [sameConfig(guest), statusFact(guest, 'lock', guest.lock ?? null)],
        expects: told.expects ?? changed.flatMap(([key, value]) => expected(guest, key, asRead(value))),
      },
    ],
    assumptions: told.assumptions ?? [],
    warnings: [
      ...(told.warnings ?? []),
      ...pending(
        guest,
        changed.map(([key]) => key).filter((key) => !(told.atOnce ?? []).includes(key)),
      ),
    ],
    loses: told.loses ?? [],
    changes: changed.map(([key, value]) => ({
      about: guest.title,
      key,
      before: shown(key, guest.config[key]),
      after: shown(key, value),
    })),
    ...undoing(guest, changed, told),
  });
}

/** Back to the values before, where the configuration had them all in plain words. */
function undoing(
  guest: GuestNow,
  changed: readonly [string, unknown][],
  told: Told,
): { undo?: NonNullable<Piece['undo']> } {
  if (told.undo === 'none') return {};
  if (told.undo !== undefined) return { undo: told.undo };
  const before = Object.fromEntries(changed.map(([key]) => [key, guest.config[key] ?? null]));
  return { undo: { action: 'guest.set', input: { values: JSON.stringify(before) } } };
}

/**
 * An interface may be read back with the MAC address that Proxmox gave it. What is only taken out of it shows in its not
 * being as before.
 */
function expected(guest: GuestNow, key: string, is: Fact['is']): Fact[] {
  const fact = configFact(guest, key, is);
  if (!/^net\d+$/.test(key) || is === null) return [fact];
  const before = guest.config[key];
  const changed: Fact[] = typeof before === 'string' ? [{ ...fact, is: before, how: 'not' }] : [];
  return [{ ...fact, how: 'parts' }, ...changed];
}

/** Flags are read back as 1 and 0. */
const asRead = (value: unknown): string | number | null =>
  typeof value === 'boolean' ? Number(value) : typeof value === 'number' || typeof value === 'string' ? value : null;

function isSame(now: unknown, wanted: unknown): boolean {
  if (wanted === null) return now === undefined || now === null;
  const read = asRead(wanted);
  // A flag that is not there is off.
  if (typeof wanted === 'boolean' && (now === undefined || now === null)) return !wanted;
  return now !== undefined && now !== null && String(now).trimEnd() === String(read).trimEnd();
}

/** What a running VM takes at once with the usual `hotplug: network,disk,usb`; the rest waits for its next start. */
const atOnce =
  /^(name|description|tags|onboot|startup|protection|net\d+|scsi\d+|virtio\d+|usb\d+|unused\d+|boot|hookscript|balloon|shares|cpulimit|cpuunits|ipconfig\d+|sshkeys|ciuser|cipassword|citype|nameserver|searchdomain)$/;
/** Containers take their limits at once. */
const atOnceInContainer =
  /^(memory|swap|cores|cpulimit|cpuunits|hostname|description|tags|onboot|startup|protection|net\d+|mp\d+|nameserver|searchdomain)$/;

function pending(guest: GuestNow, keys: readonly string[]): string[] {
  if (guest.status === 'stopped') return [];
  const late = keys.filter((key) => !(guest.type === 'qemu' ? atOnce : atOnceInContainer).test(key));
  if (late.length === 0) return [];
  return [`${guest.title} is running: ${late.join(', ')} will be as wanted after its next stop and start.`];
}
