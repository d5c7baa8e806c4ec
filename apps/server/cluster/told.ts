import type { Finding, Row } from '@pxa/contract';
import { z } from 'zod';
import { Cells, GiB, MiB, sumOf } from '../http/cells.ts';
import { FindingTold, findingsTold } from '../http/findings.ts';
import { countGuests, GuestCount } from './guest-count.ts';

const amount = z.number().nullable();
const Used = z.object({ total: amount, used: amount });

const Area = z.object({
  area: z.string(),
  /** Null where it could not be looked at. */
  state: z.enum(['ok', 'warning', 'critical']).nullable(),
  looked_at: z.int(),
  critical: z.int(),
  warning: z.int(),
  info: z.int(),
});

export const ClusterTold = z.object({
  name: z.string().nullable(),
  connection: z.string(),
  kind: z.string().nullable(),
  version: z.string().nullable(),
  quorate: z.boolean().nullable(),
  votes: z.int().nullable(),
  nodes: z.object({ total: z.int().nullable(), online: z.int().nullable(), offline: z.array(z.string()) }),
  totals: z.object({
    cpu_cores: Used,
    memory_mb: Used.extend({ allocated: amount }),
    /** Of the storages that are there; two on the same disks count twice, as Proxmox lists them. */
    storage_gb: Used,
    vcpus_allocated: amount,
    vms: GuestCount,
    containers: GuestCount,
    templates: z.int().nullable(),
  }),
  findings: z.array(FindingTold),
});

/** How a cluster is, area by area. */
export const HealthTold = z.object({
  connection: z.string(),
  /** The worst of its areas; null where one could not be looked at and none is worse. */
  state: z.enum(['ok', 'warning', 'critical']).nullable(),
  areas: z.array(Area),
  findings: z.array(FindingTold),
});

/** The rows that each part of the answer is made of. */
export interface Seen {
  readonly cluster: readonly Row[];
  readonly nodes: readonly Row[];
  readonly guests: readonly Row[];
  readonly storage: readonly Row[];
}

/** A cluster as the service tells of it. */
export function clusterTold(connection: string, seen: Seen, findings: readonly Finding[]): z.infer<typeof ClusterTold> {
  const cluster = new Cells(seen.cluster[0]);
  return {
    name: cluster.text('name'),
    connection,
    kind: cluster.text('kind'),
    version: cluster.text('version'),
    quorate: cluster.flag('quorate'),
    votes: cluster.whole('votes'),
    nodes: {
      total: cluster.whole('nodes'),
      online: cluster.whole('nodes_online'),
      offline: cluster.list('offline'),
    },
    totals: totalsOf(seen),
    findings: findingsTold(unique(findings)),
  };
}

/** What the check of everything came to. */
export function healthTold(
  connection: string,
  rows: readonly Row[],
  findings: readonly Finding[],
): z.infer<typeof HealthTold> {
  const areas = rows.map((row) => areaOf(new Cells(row)));
  return { connection, state: worst(areas), areas, findings: findingsTold(unique(findings)) };
}

/** The same may be found by several of the questions. */
function unique(findings: readonly Finding[]): Finding[] {
  const met = new Map(findings.map((each) => [`${each.code} ${each.about} ${each.text}`, each]));
  return [...met.values()];
}

function areaOf(cells: Cells): z.infer<typeof Area> {
  return {
    area: cells.text('area') ?? '',
    state: Area.shape.state.catch(null).parse(cells.text('state')),
    looked_at: cells.whole('looked_at') ?? 0,
    critical: cells.whole('critical') ?? 0,
    warning: cells.whole('warning') ?? 0,
    info: cells.whole('info') ?? 0,
  };
}

/** Nothing is in order for not having been looked at. */
function worst(areas: readonly z.infer<typeof Area>[]): z.infer<typeof Area>['state'] {
  const states = areas.map(({ state }) => state);
  if (states.includes('critical')) return 'critical';
  if (states.includes('warning')) return 'warning';
  return states.includes(null) || states.length === 0 ? null : 'ok';
}

function totalsOf({ nodes, guests, storage }: Seen): z.infer<typeof ClusterTold>['totals'] {
  const online = nodes.filter((row) => row.cells['status'] === 'online');
  const running = guests.filter(({ cells }) => cells['template'] !== true && cells['status'] === 'running');
  const templates = guests.filter(({ cells }) => cells['template'] === true);
  // One list tells nodes and guests; a cluster without a node is one that was not told.
  const isRead = nodes.length > 0;
  const allocated = (column: string, unit?: number): number | null =>
    isRead && running.length === 0 ? 0 : sumOf(running, column, unit);
  return {
    cpu_cores: { total: sumOf(online, 'maxcpu'), used: sumOf(online, 'cpu_used') },
    memory_mb: {
      total: sumOf(online, 'maxmem', MiB),
      used: sumOf(online, 'mem', MiB),
      allocated: allocated('maxmem', MiB),
    },
    storage_gb: { total: sumOf(storage, 'maxdisk', GiB), used: sumOf(storage, 'disk', GiB) },
    vcpus_allocated: allocated('maxcpu'),
    vms: countGuests(guests, 'qemu', isRead),
    containers: countGuests(guests, 'lxc', isRead),
    templates: isRead ? templates.length : null,
  };
}
