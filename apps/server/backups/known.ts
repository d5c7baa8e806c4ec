import { type Named, nameText, readNamed } from '../connections/connection.ts';
import type { Unavailable } from '../http/envelope.ts';
import { notFound } from '../http/problem.ts';
import type { Service } from '../service.ts';
import { readVolumeId } from '../storage/volume-ids.ts';
import { backupsOf } from './list.ts';
import type { Backup } from './schemas.ts';

/** An archive that there is. */
export interface KnownBackup {
  readonly backup: Backup;
  readonly connection: Named;
  /** As Proxmox names it. */
  readonly volid: string;
  readonly unavailable: readonly Unavailable[];
}

/** The archive that a path names, which there is. @throws Problem 404, 503 */
export async function knownBackup(service: Service, id: string): Promise<KnownBackup> {
  const connection = readNamed(service, id);
  const volume = readVolumeId(connection.own);
  if (volume === undefined) throw notFound('backup', id);
  const { rows, unavailable } = await backupsOf(service, connection, { storage: volume.storage });
  // With its connection in front it is the same, also where that is the first.
  const own = nameText(service, connection.name, connection.own);
  const backup = rows.find((each) => each.id === own);
  if (backup === undefined) throw notFound('backup', id);
  return { backup, connection, volid: volume.volid, unavailable };
}
