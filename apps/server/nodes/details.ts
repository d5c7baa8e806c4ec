import type { Query, View } from '@pxa/contract';
import type { Named } from '../connections/connection.ts';
import { unread } from '../connections/told.ts';
import { Cells, GiB, MiB } from '../http/cells.ts';
import type { Unavailable } from '../http/envelope.ts';
import { same } from '../http/filter.ts';
import { findingsTold } from '../http/findings.ts';
import { lookAt } from '../http/look.ts';
import { notFound } from '../http/problem.ts';
import type { Service } from '../service.ts';
import { LISTED, nodeSummary } from './list.ts';
import type { NodeDetails } from './schemas.ts';

const OWN =
  'version kernel cpu_model sockets load1 load5 load15 iowait swap maxswap timezone subscription reboot_needed boot_mode services_failed';

const PARTS = {
  node: ['nodes', `${LISTED} ${OWN}`],
  storage: ['storage', 'storage type status shared content disk maxdisk share'],
  disks: ['disks', 'devpath model serial type size used health life_left'],
  pools: ['zfs', 'name state size alloc frag last_scrub errors'],
  updates: ['updates', 'package version security'],
  certificates: ['certificates', 'filename subject issuer notafter days_left fingerprint'],
} as const;

type Part = keyof typeof PARTS;

/** All that is told of one node: some fifteen calls, however many guests it has. @throws Problem 404, 503 */
export async function nodeDetails(
  service: Service,
  { name: connection, cluster, own }: Named,
): Promise<{ node: NodeDetails; unavailable: Unavailable[] }> {
  const parts = Object.keys(PARTS) as Part[]; // the keys of the table above
  const seen = await lookAt(
    cluster,
    parts.map((part) => lookup(part, own)),
  );
  const views = new Map(parts.map((part, at) => [part, seen.views[at]]));
  const row = views.get('node')?.rows[0];
  if (row === undefined) throw notFound('node', own);
  const cells = new Cells(row);
  const isRead = (about: string): boolean => !seen.lacks.some((lack) => lack.about.startsWith(about));
  const node: NodeDetails = {
    ...nodeSummary(service, connection, row),
    ...ownFigures(cells),
    storage: storageOf(views.get('storage')),
    disks: disksOf(views.get('disks')),
    zfs_pools: poolsOf(views.get('pools')),
    updates: updatesOf(views.get('updates'), isRead('updates')),
    certificates: certificatesOf(views.get('certificates')),
    findings: findingsTold(seen.findings),
  };
  return { node, unavailable: [...unknowns(cells), ...unread(seen)] };
}

function lookup(part: Part, node: string): Query {
  const [dataset, columns] = PARTS[part];
  const at = part === 'storage' ? 'nodes' : 'node';
  return { dataset, where: same(at, node), columns: columns.split(' ') };
}

type Own = Omit<
  NodeDetails,
  keyof ReturnType<typeof nodeSummary> | 'storage' | 'disks' | 'zfs_pools' | 'updates' | 'certificates' | 'findings'
>;

function ownFigures(cells: Cells): Own {
  const loads = ['load1', 'load5', 'load15'].map((key) => cells.number(key)).filter((load) => load !== null);
  const reboot = cells.text('reboot_needed');
  return {
    version: cells.text('version'),
    kernel: cells.text('kernel'),
    cpu_model: cells.text('cpu_model'),
    cpu_sockets: cells.whole('sockets'),
    load_average: loads.length === 3 ? loads : null,
    io_wait_percent: cells.percent('iowait'),
    swap_mb: cells.in(MiB, 'maxswap'),
    swap_used_mb: cells.in(MiB, 'swap'),
    timezone: cells.text('timezone'),
    subscription: cells.text('subscription'),
    reboot_needed: cells.flag('reboot_needed') ?? (reboot === null ? null : reboot === 'yes'),
    boot_mode: cells.text('boot_mode'),
    failed_services: cells.why('services_failed') === undefined ? cells.list('services_failed') : null,
  };
}

/** Figures of the node that it did not tell, each with the reason that the cluster gave. */
function unknowns(cells: Cells): Unavailable[] {
  const fields: Readonly<Record<string, string>> = {
    version: 'version',
    kernel: 'kernel',
    cpu_model: 'cpu_model',
    load_average: 'load1',
    io_wait_percent: 'iowait',
    swap_mb: 'maxswap',
    timezone: 'timezone',
    subscription: 'subscription',
    reboot_needed: 'reboot_needed',
    failed_services: 'services_failed',
  };
  return Object.entries(fields).flatMap(([field, key]) => {
    const reason = cells.why(key);
    return reason === undefined ? [] : [{ field, reason }];
  });
}

const cellsOf = (view: View | undefined): Cells[] => (view?.rows ?? []).map((row) => new Cells(row));

function storageOf(view: View | undefined): NodeDetails['storage'] {
  return cellsOf(view).map((each) => ({
    storage: each.text('storage') ?? '',
    type: each.text('type'),
    status: each.text('status'),
    shared: each.flag('shared'),
    content: each.list('content'),
    total_gb: each.in(GiB, 'maxdisk'),
    used_gb: each.in(GiB, 'disk'),
    usage_percent: each.percent('share'),
  }));
}

function disksOf(view: View | undefined): NodeDetails['disks'] {
  return cellsOf(view).map((each) => ({
    device: each.text('devpath') ?? '',
    model: each.text('model'),
    serial: each.text('serial'),
    type: each.text('type'),
    size_gb: each.in(GiB, 'size'),
    used_for: each.text('used'),
    health: each.text('health'),
    life_left_percent: each.percent('life_left'),
  }));
}

function poolsOf(view: View | undefined): NodeDetails['zfs_pools'] {
  return cellsOf(view).map((each) => ({
    name: each.text('name') ?? '',
    state: each.text('state'),
    size_gb: each.in(GiB, 'size'),
    used_gb: each.in(GiB, 'alloc'),
    fragmentation_percent: each.percent('frag'),
    last_scrub: each.time('last_scrub'),
    errors: each.text('errors'),
  }));
}

function updatesOf(view: View | undefined, isRead: boolean): NodeDetails['updates'] {
  const packages = cellsOf(view).map((each) => ({
    package: each.text('package') ?? '',
    version: each.text('version'),
    security: each.flag('security'),
  }));
  const security = packages.filter((each) => each.security === true).length;
  return { pending: isRead ? packages.length : null, security: isRead ? security : null, packages };
}

function certificatesOf(view: View | undefined): NodeDetails['certificates'] {
  return cellsOf(view).map((each) => ({
    filename: each.text('filename') ?? '',
    subject: each.text('subject'),
    issuer: each.text('issuer'),
    expires_at: each.time('notafter'),
    days_left: each.number('days_left'),
    fingerprint: each.text('fingerprint'),
  }));
}
