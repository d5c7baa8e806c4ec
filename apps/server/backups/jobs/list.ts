import type { Query } from '@pxa/contract';
import { type Connection, type Named, nameText, readNamed } from '../../connections/connection.ts';
import { type Told, unread } from '../../connections/told.ts';
import { idOfType } from '../../guests/ids.ts';
import { Cells } from '../../http/cells.ts';
import type { Unavailable } from '../../http/envelope.ts';
import { same } from '../../http/filter.ts';
import { lookAt } from '../../http/look.ts';
import { notFound } from '../../http/problem.ts';
import type { Service } from '../../service.ts';
import type { BackupJob, BackupJobDetails } from './schemas.ts';

const COLUMNS = 'id schedule storage enabled next_run mode selection guest_ids compress retention comment node pool';
const RUNS = 'last_run last_status failed_runs';

/** The backup jobs of a cluster: two calls to Proxmox. @throws Problem 503 */
export async function backupJobsOf(service: Service, { name, cluster }: Connection): Promise<Told<BackupJob>> {
  const seen = await lookAt(cluster, [{ dataset: 'backup-jobs', columns: COLUMNS.split(' ') }]);
  const rows = (seen.views[0]?.rows ?? []).map((row) => jobOf(service, name, new Cells(row)));
  return { rows, unavailable: unread(seen) };
}

/** A backup job that a path names, which there is, and how it fared. @throws Problem 404, 503 */
export async function knownJob(
  service: Service,
  id: string,
): Promise<{ job: BackupJobDetails; named: Named; guests: readonly string[]; unavailable: Unavailable[] }> {
  const named = readNamed(service, id);
  const columns = `${COLUMNS} ${RUNS}`.split(' ');
  const query: Query = { dataset: 'backup-jobs', where: same('id', named.own), columns, limit: 1 };
  const seen = await lookAt(named.cluster, [query]);
  const [row] = seen.views[0]?.rows ?? [];
  if (row === undefined) throw notFound('backup job', id);
  const cells = new Cells(row);
  const job = {
    ...jobOf(service, named.name, cells),
    last_run: cells.time('last_run'),
    last_status: cells.text('last_status'),
    failed_runs: cells.whole('failed_runs'),
  };
  return { job, named, guests: cells.list('guest_ids'), unavailable: unread(seen) };
}

function jobOf(service: Service, connection: string, cells: Cells): BackupJob {
  const storage = cells.text('storage');
  return {
    id: nameText(service, connection, cells.text('id') ?? ''),
    schedule: cells.text('schedule'),
    storage: storage === null ? null : nameText(service, connection, storage),
    enabled: cells.flag('enabled'),
    next_run: cells.time('next_run'),
    mode: cells.text('mode'),
    selection: cells.text('selection'),
    vm_ids: cells.list('guest_ids').map((guest) => {
      const [type = '', vmid] = guest.split('/');
      return idOfType(service, connection, type, Number(vmid));
    }),
    pool: cells.text('pool'),
    node: cells.text('node'),
    compression: cells.text('compress'),
    retention: cells.text('retention'),
    comment: cells.text('comment'),
  };
}
