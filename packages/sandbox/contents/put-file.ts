import type { Call } from '../behaviour.ts';
import { findVolume, offersContent, splitVolid, usableStorage } from '../guests/volumes.ts';
import { died, refused } from '../guests/work.ts';
import { poolUsed } from '../load.ts';
import { folderOf } from './path.ts';

/** File names that may be put on a storage, by content. */
const ENDINGS: Record<string, RegExp> = {
  iso: /[^/]+\.(?:iso|img)$/i,
  vztmpl: /[^/]+\.tar(?:\.(?:gz|xz|zst|bz2))?$/i,
  import: /^[ a-zA-Z0-9\-.+=_]+\.(?:ova|qcow2|raw|vmdk)$/,
};

/** Where a file is to go. */
export interface Destination {
  volid: string;
  content: string;
  /** The folder and the name, as logs tell them. */
  path: string;
}

/** The checks that uploads and downloads share; `words` are those that differ between them. */
export function destination(
  call: Call,
  filename: string,
  content: string,
  words: { notFiles: (type: string) => string; notOffered: (storage: string) => string },
): Destination {
  const storage = String(call.params['storage'] ?? '');
  const { definition } = usableStorage(call.state, call.node, storage);
  const type = String(definition['type']);
  if (!/^(?:dir|nfs|cifs|btrfs|cephfs|glusterfs)$/.test(type)) throw died(words.notFiles(type));
  if (!ENDINGS[content]?.test(filename)) {
    throw refused({ filename: content === 'import' ? 'invalid filename or wrong extension' : 'wrong file extension' });
  }
  if (!offersContent(definition, content)) throw died(words.notOffered(storage));
  const path = `${folderOf(call.state, storage, content)}/${filename}`;
  return { volid: `${storage}:${content}/${filename}`, content, path };
}

/** Puts a file where it is to go, in place of one of the same name; refuses where there is no room. */
export function putFile(call: Call, { volid, content, path }: Destination, size: number): void {
  const { storage } = splitVolid(volid);
  const { seen } = usableStorage(call.state, call.node, storage);
  const { pool } = seen;
  const old = findVolume(call.state, call.node, volid);
  const used = poolUsed(call.state, pool, call.clock.now() / 1000);
  if (used + size - (old?.size ?? 0) > pool.total) throw died(`error writing '${path}': No space left on device`);
  const ctime = Math.floor(call.clock.now() / 1000);
  const volume = { volid, content, format: formatOf(content, volid), size, ctime };
  pool.volumes = [...pool.volumes.filter((one) => one.volid !== volid), volume];
}

const PACKED: Record<string, string> = { gz: 'tgz', xz: 'txz', zst: 'tzst', bz2: 'tbz2', tar: 'tar' };

function formatOf(content: string, volid: string): string {
  const ending = /\.(\w+)$/.exec(volid)?.[1]?.toLowerCase() ?? '';
  if (content === 'iso') return 'iso';
  return content === 'vztmpl' ? (PACKED[ending] ?? 'tgz') : ending;
}
