import { splitVolid } from '../guests/volumes.ts';
import type { State, Volume } from '../state/model.ts';

const FOLDERS: Record<string, string> = {
  iso: 'template/iso',
  vztmpl: 'template/cache',
  backup: 'dump',
  images: 'images',
  rootdir: 'images',
};

/** The folder in which a storage of files keeps content of a kind. */
export function folderOf(state: State, storage: string, content: string): string {
  const root = String(state.storages.get(storage)?.['path'] ?? `/mnt/pve/${storage}`);
  return `${root}/${FOLDERS[content] ?? content}`;
}

/** PVE::Storage::path: where a volume is on its node. */
export function pathOf(state: State, volume: Pick<Volume, 'volid' | 'content' | 'format'>): string {
  const { storage, name } = splitVolid(volume.volid);
  const definition = state.storages.get(storage) ?? {};
  const type = String(definition['type']);
  if (type === 'zfspool') {
    const folder = volume.format === 'subvol' ? '' : '/dev/zvol';
    return `${folder}/${String(definition['pool'])}/${name.replace(/^.*\//, '')}`;
  }
  if (type === 'lvm' || type === 'lvmthin') return `/dev/${String(definition['vgname'])}/${name}`;
  if (type === 'rbd') return `rbd:${String(definition['pool'] ?? 'rbd')}/${name.replace(/^.*\//, '')}`;
  return `${folderOf(state, storage, volume.content)}/${name.replace(/^[a-z]+\//, '')}`;
}
