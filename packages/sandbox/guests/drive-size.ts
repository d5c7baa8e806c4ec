import { formatSize } from '@pxa/pve/size';
import { properties } from '../state/guest-size.ts';

/** A drive or mount point with another size. */
export function withSize(value: string, bytes: number): string {
  const size = `size=${formatSize(bytes)}`;
  return properties(value)['size'] === undefined ? `${value},${size}` : value.replace(/(^|,)size=[^,]*/, `$1${size}`);
}

/** A drive or mount point on another volume. */
export function withVolume(value: string, volid: string): string {
  return value.replace(/^(?:(?:file|volume)=)?[^,]*/, volid);
}
