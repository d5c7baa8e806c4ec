/** What the file name of a vzdump archive tells. */
export interface ArchiveInfo {
  filename: string;
  type: string;
  format: string;
  compression?: string;
  /** 1 where the name is the one that vzdump gives; only then are the fields below known. */
  is_std_name: 0 | 1;
  vmid?: number;
  /** Seconds since 1970, the name's time taken as UTC. */
  ctime?: number;
  logfilename?: string;
  notesfilename?: string;
}

const NAME = /^vzdump-(lxc|openvz|qemu)-.+\.(tgz|(tar|vma)(?:\.(gz|lzo|zst|bz2))?)\n?$/;
const STANDARD = /^(vzdump-\w+-([1-9][0-9]{2,8})-(\d{4})_(\d{2})_(\d{2})-(\d{2})_(\d{2})_(\d{2}))\./;

/**
 * What the name of a backup archive tells (PVE::Storage::archive_info). Throws in Proxmox's words where it is none.
 * The node's time zone is not known here: times are read as UTC.
 */
export function archiveInfo(archive: string): ArchiveInfo {
  const base = archive.replace(/^.*\//, '').replace(/\n$/, '');
  const parts = NAME.exec(base);
  if (!parts) throw new Error(`ERROR: couldn't determine archive info from '${archive}'\n`);
  const [, type = '', extension = '', format, compression] = parts;
  const packed = extension === 'tgz' ? 'gz' : compression;
  const info: ArchiveInfo = { filename: base, type, format: format ?? 'tar', is_std_name: 0 };
  if (packed !== undefined) info.compression = packed;
  return { ...info, ...standardPart(base, extension) };
}

function standardPart(base: string, extension: string): Partial<ArchiveInfo> {
  const parts = STANDARD.exec(base);
  if (!parts || base !== `${parts[1]}.${extension}`) return {};
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.slice(3).map(Number);
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  inRange('Month', month - 1, 0, 11);
  inRange('Day', parts[5], 1, lastDay);
  inRange('Hour', parts[6], 0, 23);
  inRange('Minute', parts[7], 0, 59);
  inRange('Second', parts[8], 0, 59);
  return {
    is_std_name: 1,
    vmid: Number(parts[2]),
    ctime: Date.UTC(year, month - 1, day, hour, minute, second) / 1000,
    logfilename: `${parts[1]}.log`,
    notesfilename: `${base}.notes`,
  };
}

/** Refuses a time that there is not, as Perl's Time::Local does (which names its own source line after it). */
function inRange(what: string, value: string | number | undefined, from: number, to: number): void {
  if (Number(value) < from || Number(value) > to) throw new Error(`${what} '${value}' out of range ${from}..${to}`);
}
