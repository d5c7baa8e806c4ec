import type { Row } from '@pxa/contract';
import { z } from 'zod';
import { type Connection, nameText } from '../connections/connection.ts';
import { type Told, unread } from '../connections/told.ts';
import { idOfType } from '../guests/ids.ts';
import { Cells, GiB } from '../http/cells.ts';
import { all, same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import { listQuery } from '../http/pages.ts';
import type { Service } from '../service.ts';
import { Content } from './bodies.ts';
import { volumeIdText, volumeOfRow } from './volume-ids.ts';

/** Something that lies on a storage. */
export const Volume = z.object({
  id: z.string(),
  volume: z.string(),
  name: z.string(),
  content: z.string(),
  format: z.string().nullable(),
  size_gb: z.number().nullable(),
  created_at: z.string().nullable(),
  /** The guest that it belongs to; files belong to none. */
  vm_id: z.string().nullable(),
  nodes: z.array(z.string()),
  protected: z.boolean().nullable(),
  notes: z.string().nullable(),
});
export type Volume = z.infer<typeof Volume>;

export const VolumeListQuery = z.strictObject({
  content: Content.optional(),
  node: z.string().min(1).optional(),
  vm_id: z.string().min(1).optional(),
  ...listQuery(['name', 'size_gb', 'created_at', 'content']),
});
export type VolumeListQuery = z.infer<typeof VolumeListQuery>;

const COLUMNS = 'volid name content format size created guest nodes protected notes';

/** What lies on a storage: one call for each place that nodes do not share. @throws Problem 503 */
export async function volumesOf(
  service: Service,
  { name, cluster }: Connection,
  of: { readonly storage: string; readonly content?: Content | undefined; readonly node?: string | undefined },
): Promise<Told<Volume>> {
  const where = all(
    same('storage', of.storage),
    of.content === undefined ? undefined : same('content', of.content),
    of.node === undefined ? undefined : same('nodes', of.node),
  );
  const seen = await lookAt(cluster, [{ dataset: 'volumes', where, columns: COLUMNS.split(' ') }]);
  const rows = (seen.views[0]?.rows ?? []).map((row) => volumeOf(service, name, row));
  return { rows, unavailable: unread(seen) };
}

function volumeOf(service: Service, connection: string, row: Row): Volume {
  const cells = new Cells(row);
  const volume = volumeOfRow(row.id);
  const [type, vmid] = (cells.text('guest') ?? '').split('/');
  return {
    id: nameText(service, connection, volumeIdText(volume)),
    volume: volume.volid,
    name: cells.text('name') ?? volume.volid,
    content: cells.text('content') ?? '',
    format: cells.text('format'),
    size_gb: cells.in(GiB, 'size'),
    created_at: cells.time('created'),
    vm_id: type === undefined || vmid === undefined ? null : idOfType(service, connection, type, Number(vmid)),
    nodes: cells.list('nodes'),
    protected: cells.flag('protected'),
    notes: cells.text('notes'),
  };
}
