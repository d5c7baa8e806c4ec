import type { Finding, Query, View } from '@pxa/contract';
import type { Unavailable } from '../http/envelope.ts';
import { Cells, MiB } from '../http/cells.ts';
import { findingsTold } from '../http/findings.ts';
import { lookAt } from '../http/look.ts';
import type { Service } from '../service.ts';
import { backupOf } from './backup-told.ts';
import type { GuestDetails } from './details-schema.ts';
import { disksOf, isEncrypted, usageOf } from './disks-told.ts';
import { environmentOf } from './environment.ts';
import { type GuestId, noGuest } from './ids.ts';
import { interfacesOf } from './interfaces.ts';
import { itself, lookups, type Part } from './lookups.ts';
import { notTold } from './not-told.ts';
import { scanned, type ScanSummary } from './scans.ts';
import { KnownStatus } from './schemas.ts';

/** All that is told of one guest, and what of it cannot be told. @throws Problem 404, 503 */
export async function guestDetails(
  service: Service,
  id: GuestId,
): Promise<{ guest: GuestDetails; unavailable: readonly Unavailable[] }> {
  const parts: Part[] = []; // in the order in which they are asked for
  const follow = ([view]: readonly View[]): Query[] => {
    const node = new Cells(view?.rows[0]).text('node');
    if (node === null) return [];
    const asked = lookups(id, node);
    parts.push(...(Object.keys(asked) as Part[])); // its keys are its parts
    return Object.values(asked);
  };
  const [seen, scans] = await Promise.all([lookAt(id.cluster, [itself(id)], { follow }), scanned(service, [id.text])]);
  const [guestView, ...others] = seen.views;
  if (guestView?.rows.length === 0) throw noGuest(id.kind, id.text);
  const views: Views = new Map([['guest', guestView], ...parts.map((part, at) => [part, others[at]] as const)]);
  const encrypted = service.settings.encrypted_storages[id.connection] ?? [];
  const guest = detailsOf(views, id.text, { encrypted, scan: scans.get(id.text), findings: seen.findings });
  const unread = seen.lacks.map(({ about, why }) => ({
    field: FIELDS_OF.find(([of]) => of.test(about))?.[1] ?? about,
    reason: why,
  }));
  const known = notTold(guest, id.kind);
  return {
    guest,
    unavailable: [...known, ...unread.filter(({ field }) => known.every((each) => each.field !== field))],
  };
}

/** The fields that rest on what could not be read. */
const FIELDS_OF: readonly (readonly [about: RegExp, field: string])[] = [
  [/^file systems of /, 'performance.disk_usage_percent'],
  [/^addresses of /, 'configuration.network.ip_address'],
];

type Views = ReadonlyMap<Part | 'guest', View | undefined>;

/** What the service knows of a guest, beside the cluster. */
interface Beside {
  readonly encrypted: readonly string[];
  readonly scan: ScanSummary | undefined;
  readonly findings: readonly Finding[];
}

function detailsOf(views: Views, id: string, { encrypted, scan, findings }: Beside): GuestDetails {
  const first = (part: Part | 'guest'): Cells => new Cells(views.get(part)?.rows[0]);
  const all = (part: Part): Cells[] => (views.get(part)?.rows ?? []).map((row) => new Cells(row));
  const guest = first('guest');
  const tags = guest.list('tags');
  const traffic = all('traffic').at(-1) ?? new Cells(undefined);
  const disks = disksOf(all('disks'), all('files'), encrypted);
  const keys = guest.number('sshkeys');
  return {
    id,
    name: guest.text('name'),
    // Proxmox ends a container's notes with a line break of its own.
    description: guest.text('description')?.replace(/\n$/, '') ?? null,
    status: KnownStatus.parse(guest.text('state')),
    environment: environmentOf(tags),
    node: guest.text('node') ?? '',
    template: guest.flag('template') ?? false,
    os_type: guest.text('system') ?? guest.text('distribution') ?? guest.text('ostype'),
    tags,
    configuration: {
      cpu_cores: guest.number('maxcpu'),
      cpu_sockets: guest.whole('sockets') ?? 1,
      memory_mb: guest.in(MiB, 'maxmem'),
      storage: disks,
      network: interfacesOf(all('nics'), all('addresses')),
    },
    performance: {
      cpu_usage_percent: guest.percent('cpu'),
      memory_usage_percent: guest.percent('mem_share'),
      disk_usage_percent: guest.percent('disk_share') ?? usageOf(all('files')),
      network_rx_mbps: megabits(traffic.number('netin')),
      network_tx_mbps: megabits(traffic.number('netout')),
      uptime_seconds: guest.whole('uptime'),
    },
    security: {
      encrypted: isEncrypted(disks),
      firewall_enabled: first('firewall').flag('in_force'),
      // Keys of cloud-init are known; others may be in the guest, which nobody outside can see.
      ssh_key_auth: keys !== null && keys > 0 ? true : null,
      protection: guest.flag('protection'),
      last_security_scan: scan?.last_security_scan ?? null,
      compliance_score: scan?.compliance_score ?? null,
      vulnerabilities: scan?.vulnerabilities ?? null,
    },
    backup: backupOf(guest, first('backups'), all('jobs')),
    findings: findingsTold(findings),
    created_at: guest.time('created'),
    updated_at: later(first('changes').time('ended'), first('elsewhere').time('ended')) ?? guest.time('created'),
  };
}

/** The later of two times, as ISO 8601 has them. */
const later = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a);

/** Bytes a second as megabits a second. */
const megabits = (rate: number | null): number | null =>
  rate === null ? null : Math.round(((rate * 8) / 1e6) * 100) / 100;
