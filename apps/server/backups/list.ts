import type { Query, Row } from '@pxa/contract';
import { type Connection, nameText } from '../connections/connection.ts';
import { type Told, unread } from '../connections/told.ts';
import { idOfType } from '../guests/ids.ts';
import { Cells, GiB } from '../http/cells.ts';
import type { Unavailable } from '../http/envelope.ts';
import { all, same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import type { Service } from '../service.ts';
import { volumeIdText, volumeOfRow } from '../storage/volume-ids.ts';
import type { Backup } from './schemas.ts';

const COLUMNS =
  'volid name guest vmid guest_name taken size storage nodes format notes protected verified encrypted orphan';

/** Which archives are asked for. */
export interface Wanted {
  /** As the catalogue names it: `qemu/101`. */
  readonly guest?: string | undefined;
  readonly storage?: string | undefined;
}

/** The archives of a cluster: one call a storage that holds backups. @throws Problem 503 */
export async function backupsOf(
  service: Service,
  { name, cluster }: Connection,
  { guest, storage }: Wanted,
): Promise<Told<Backup>> {
  const where = all(
    guest === undefined ? undefined : same('guest', guest),
    storage === undefined ? undefined : same('storage', storage),
  );
  const query: Query = { dataset: 'backups', where, columns: COLUMNS.split(' ') };
  const seen = await lookAt(cluster, [query]);
  const rows = (seen.views[0]?.rows ?? []).map((row) => backupOf(service, name, row));
  return { rows, unavailable: unread(seen) };
}

const COMPRESSES = 'A backup server compresses by itself, and does not tell how.';

/** What is null of backups that are told, and why. */
export function notToldOf(backups: readonly Backup[]): Unavailable[] {
  const isUntold = backups.some(({ compression }) => compression === null);
  return isUntold ? [{ field: 'compression', reason: COMPRESSES }] : [];
}

function backupOf(service: Service, connection: string, row: Row): Backup {
  const cells = new Cells(row);
  const volume = volumeOfRow(row.id);
  const file = cells.text('name') ?? '';
  const [type, vmid] = (cells.text('guest') ?? '').split('/');
  const isOfGuest = type !== undefined && vmid !== undefined;
  return {
    id: nameText(service, connection, volumeIdText(volume)),
    vm_id: isOfGuest ? idOfType(service, connection, type, Number(vmid)) : null,
    vm_name: cells.text('guest_name'),
    orphaned: cells.flag('orphan'),
    backup_type: 'full',
    taken: cells.time('taken'),
    size_gb: cells.in(GiB, 'size'),
    storage: nameText(service, connection, volume.storage),
    nodes: cells.list('nodes'),
    file,
    compression: compressionOf(file),
    encrypted: cells.flag('encrypted'),
    verified: verifiedOf(cells.text('verified')),
    protected: cells.flag('protected'),
    description: cells.text('notes'),
  };
}

const ENDINGS: Readonly<Record<string, Backup['compression']>> = {
  zst: 'zstd',
  gz: 'gzip',
  tgz: 'gzip',
  lzo: 'lzo',
  bz2: 'bzip2',
  vma: 'none',
  tar: 'none',
};

/** By the ending of a file of vzdump; a backup server compresses on its own account and does not say. */
const compressionOf = (file: string): Backup['compression'] => ENDINGS[/\.([a-z0-9]+)$/.exec(file)?.[1] ?? ''] ?? null;

const verifiedOf = (state: string | null): Backup['verified'] =>
  state === 'ok' || state === 'failed' || state === 'no' ? state : null;
