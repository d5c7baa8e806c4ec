import { type ColumnDef, extracted } from '../kit/index.ts';
import { diskKeys, storageOf } from './disk-rows.ts';

/** The storages that a guest's disks stand on: those in use, not the CD drives and what has been detached. */
export const guestStoragesColumn: ColumnDef = extracted(
  'STORAGES',
  'list',
  'text',
  'config',
  (data) => {
    const keys = diskKeys(data).filter((key) => !key.startsWith('unused') && !/media=cdrom/.test(String(data[key])));
    const found = keys.flatMap((key) => storageOf(String(data[key])) ?? []);
    return { value: [...new Set(found)], keys };
  },
  { words: 'storage|datastore', names: 'storage' },
);
