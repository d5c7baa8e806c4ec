import { perlPattern } from './facts/perl.ts';

export { parseVolname } from './volname.ts';
export type { Volname } from './volname.ts';
export { archiveInfo } from './archive.ts';
export type { ArchiveInfo } from './archive.ts';

/** A volume's id: the storage, and the volume's name on it. */
export interface Volid {
  storage: string;
  volname: string;
}

/** The parts of `STORAGE:VOLNAME`, or undefined where a text is none. */
export function parseVolid(text: string): Volid | undefined {
  const parts = perlPattern('^([a-z][a-z0-9\\-_.]*[a-z0-9]):(.+)$', 'i').exec(text);
  return parts ? { storage: parts[1] ?? '', volname: parts[2] ?? '' } : undefined;
}

/** The same, but throws in Proxmox's words, newline included. */
export function decodeVolid(text: string): Volid {
  const volid = parseVolid(text);
  if (!volid) throw new Error(`unable to parse volume ID '${text}'\n`);
  return volid;
}

/** The name under which an uploaded file is kept: its last part, and `_` for all but letters, digits, `_`, `.`, `-`. */
export function storedFilename(filename: string): string {
  return filename
    .replace(/\n$/, '')
    .replace(/^.*[/\\]/, '')
    .replace(/[^a-zA-Z0-9_.-]/gu, '_');
}
