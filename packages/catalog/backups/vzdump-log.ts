import { pointer, type Rec } from '../kit/index.ts';

/** How one guest fared in a run of vzdump, as its log tells. */
export interface LoggedGuest {
  readonly vmid: number;
  readonly type: 'qemu' | 'lxc' | undefined;
  status: 'ok' | 'warning' | 'failed' | 'running';
  /** What follows "Backup of VM 103 failed - ", or the warning. */
  error: string | undefined;
  /** When it began, in the seconds of the server's own clock; only differences mean something. */
  began: number | undefined;
  seconds: number | undefined;
  bytes: number | undefined;
  archive: string | undefined;
  name: string | undefined;
  /** Where its outcome is written. */
  at: string;
  sizeAt: string | undefined;
}

/** What a run was told to do: the command line in the first line of its log. */
export interface LoggedCommand {
  readonly vmids: readonly number[];
  readonly all: boolean;
  readonly exclude: readonly number[];
  readonly pool: string | undefined;
  readonly storage: string | undefined;
  readonly at: string;
}

export interface VzdumpLog {
  readonly command: LoggedCommand | undefined;
  readonly guests: readonly LoggedGuest[];
  /** `TASK ERROR: …`: why the run as a whole failed. */
  readonly taskError: { readonly text: string; readonly at: string } | undefined;
}

/**
 * Reads a log of vzdump (pve-manager PVE/VZDump.pm). A guest whose backup began and did not end is `running`; the
 * caller knows whether the task still is.
 */
export function parseVzdumpLog(lines: readonly Rec[]): VzdumpLog {
  const guests: LoggedGuest[] = [];
  let command: LoggedCommand | undefined;
  let taskError: VzdumpLog['taskError'];
  let current: LoggedGuest | undefined;
  for (const rec of lines) {
    const line = String(rec.data['t'] ?? '');
    const at = pointer(rec.at, 't');
    command ??= commandIn(line, at);
    const began = /^INFO: Starting Backup of VM (\d+) \((\w+)\)/.exec(line);
    if (began) {
      current = newGuest(Number(began[1]), began[2], at);
      guests.push(current);
      continue;
    }
    const failed = /^ERROR: Backup of VM (\d+) failed - (.*)$/.exec(line);
    if (failed) {
      const vmid = Number(failed[1]);
      if (current?.vmid !== vmid) guests.push((current = newGuest(vmid, undefined, at)));
      Object.assign(current, { status: 'failed', error: failed[2], at });
      continue;
    }
    const ended = /^TASK ERROR: (.*)$/.exec(line);
    if (ended?.[1] !== undefined) taskError = { text: ended[1], at };
    if (current) readGuestLine(current, line, at);
  }
  return { command, guests, taskError };
}

function newGuest(vmid: number, type: string | undefined, at: string): LoggedGuest {
  const known = type === 'qemu' || type === 'lxc' ? type : undefined;
  return {
    vmid,
    type: known,
    status: 'running',
    error: undefined,
    began: undefined,
    seconds: undefined,
    bytes: undefined,
    archive: undefined,
    name: undefined,
    at,
    sizeAt: undefined,
  };
}

function readGuestLine(guest: LoggedGuest, line: string, at: string): void {
  guest.began ??= timeIn(/^INFO: Backup started at (.+)$/, line);
  const failedAt = timeIn(/^INFO: Failed at (.+)$/, line);
  if (failedAt !== undefined && guest.began !== undefined) guest.seconds = failedAt - guest.began;
  const finished = /^INFO: Finished Backup of VM (\d+) \((\d+):(\d{2}):(\d{2})\)/.exec(line);
  if (finished && Number(finished[1]) === guest.vmid) {
    const [hours = 0, minutes = 0, seconds = 0] = finished.slice(2).map(Number);
    guest.seconds = hours * 3600 + minutes * 60 + seconds;
    guest.status = guest.error === undefined ? 'ok' : 'warning';
    guest.at = at;
  }
  const warning = /^WARN(?:ING)?: (.*)$/.exec(line);
  if (warning && guest.status === 'running') guest.error ??= warning[1];
  const size = /^INFO: archive file size: ([\d.]+)\s*([KMGT]?)i?B/i.exec(line);
  if (size) {
    const unit = 1024 ** ' KMGT'.indexOf((size[2] || ' ').toUpperCase());
    Object.assign(guest, { bytes: Math.round(Number(size[1]) * unit), sizeAt: at });
  }
  guest.archive ??= /^INFO: creating (?:vzdump|Proxmox Backup Server) archive '([^']+)'/.exec(line)?.[1];
  guest.name ??= /^INFO: (?:VM|CT) Name: (.+)$/.exec(line)?.[1];
}

function commandIn(line: string, at: string): LoggedCommand | undefined {
  const words = /^INFO: starting new backup job: vzdump (.*)$/.exec(line)?.[1]?.split(/\s+/);
  if (words === undefined) return undefined;
  const firstOption = words.findIndex((word) => word.startsWith('--'));
  const ids = firstOption < 0 ? words : words.slice(0, firstOption);
  const option = (name: string): string[] =>
    words.flatMap((word, index) => (word === `--${name}` ? [words[index + 1] ?? ''] : []));
  return {
    vmids: ids.map(Number).filter(Number.isInteger),
    all: option('all')[0] === '1',
    exclude: option('exclude')
      .flatMap((each) => each.split(/[,;]/))
      .map(Number)
      .filter(Number.isInteger),
    pool: option('pool')[0],
    storage: option('storage')[0],
    at,
  };
}

/** A time as vzdump writes it (`2025-11-19 21:35:00`, local), in seconds. */
function timeIn(pattern: RegExp, line: string): number | undefined {
  const text = pattern.exec(line)?.[1];
  const time = text === undefined ? Number.NaN : Date.parse(`${text.trim().replace(' ', 'T')}Z`) / 1000;
  return Number.isFinite(time) ? time : undefined;
}
