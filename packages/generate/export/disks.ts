import { parseSize } from '@pxa/pve/size';
import type { Options, Settings } from './options.ts';

const GiB = 2 ** 30;

/** Where a volume is and how large: `local-zfs:vm-101-disk-0,size=32G`. */
function volumeOf(
  settings: Settings,
  key: string,
  options: Options,
): { volume: string; storage: string; size_gb: number } {
  const volume = options.text('file') ?? '';
  const bytes = parseSize(options.text('size') ?? '') ?? 0;
  if (bytes % GiB !== 0)
    settings.lacks(`${key}: its size of ${bytes} bytes`, 'The code counts whole GiB: it says the next larger one.');
  return { volume, storage: volume.split(':')[0] ?? '', size_gb: Math.max(1, Math.ceil(bytes / GiB)) };
}

/** A disk of a VM or a mount point of a container, as the specification has it. */
export function diskOf(settings: Settings, key: string): Record<string, unknown> | undefined {
  return settings.options(key, 'file', (options) => {
    const { volume, storage, size_gb } = volumeOf(settings, key, options);
    if (!/^[\w][\w.+-]*:.+/.test(volume)) {
      settings.lacks(`${key}: ${volume}`, 'It is no volume of a storage.');
      return undefined;
    }
    return {
      slot: key,
      size_gb,
      storage,
      volume,
      path: options.text('mp') ?? null,
      ssd: options.flag('ssd', false),
      discard: options.one('discard', ['on', 'ignore']) === 'on',
      iothread: options.flag('iothread', false),
      backup: options.flag('backup', !key.startsWith('mp')),
      replicate: options.flag('replicate', true),
      read_only: options.flag('ro', false),
      cache: options.one('cache', ['none', 'writethrough', 'writeback', 'unsafe', 'directsync']) ?? 'none',
      aio: options.one('aio', ['io_uring', 'native', 'threads']) ?? 'io_uring',
      format: options.one('format', ['raw', 'qcow2', 'vmdk']) ?? null,
    };
  });
}
