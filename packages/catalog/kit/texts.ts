const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/**
 * A size as findings and summary lines write it: binary units by their common names, as tables show them; a decimal
 * below ten: `5.8 GB`, `12 GB`, `819 GB`, `1.2 TB`.
 */
export function sizeText(bytes: number): string {
  if (bytes < 0) return `-${sizeText(-bytes)}`;
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const shown = value >= 10 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
  return `${shown} ${units[unit] ?? ''}`;
}

/** `1 disk`, `2 disks`. */
export function countText(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** A share as a whole percentage: `78%`. */
export function percentText(share: number): string {
  return `${Math.round(share * 100)}%`;
}
