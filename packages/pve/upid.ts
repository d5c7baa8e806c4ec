/** What the id of a task tells: where, when and for whom it was started, and what it does. */
export interface Upid {
  node: string;
  pid: number;
  /** The process's start, in clock ticks since boot. */
  pstart: number;
  /** Seconds since 1970. */
  starttime: number;
  /** The kind of task: qmstart, vzdump, … */
  type: string;
  /** What it works on: a guest's id, `100@store`, …; may be empty. */
  id: string;
  /** `user@realm`, or `user@realm!token`. */
  user: string;
}

const NODE = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const UPID = new RegExp(
  `^UPID:(${NODE}):([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8,9}):([0-9A-Fa-f]{8}):([^:\\s/]+):([^:\\s/]*):([^:\\s/]+):\\n?$`,
);

/** What an UPID says, or undefined where a text is none (PVE::UPID::decode). */
export function parseUpid(text: string): Upid | undefined {
  const parts = UPID.exec(text);
  if (!parts) return undefined;
  const [, node = '', pid = '', pstart = '', starttime = '', type = '', id = '', user = ''] = parts;
  const hex = (digits: string): number => Number.parseInt(digits, 16);
  return { node, pid: hex(pid), pstart: hex(pstart), starttime: hex(starttime), type, id, user };
}

/** The same, but throws in Proxmox's words, newline included. */
export function decodeUpid(text: string): Upid {
  const upid = parseUpid(text);
  if (!upid) throw new Error(`unable to parse worker upid '${text}'\n`);
  return upid;
}

/** The text of an UPID. */
export function encodeUpid(upid: Upid): string {
  const hex = (number: number): string => number.toString(16).toUpperCase().padStart(8, '0');
  const numbers = [upid.pid, upid.pstart, upid.starttime].map(hex).join(':');
  return `UPID:${upid.node}:${numbers}:${upid.type}:${upid.id}:${upid.user}:`;
}

/** How a task ended. `unknown`: it left no end, or has not ended. */
export type StatusType = 'ok' | 'warning' | 'error' | 'unknown';

/** What an exit status means (PVE::Tools::upid_normalize_status_type). */
export function statusType(status: string | undefined): StatusType {
  if (!status || status === '0' || status === 'unexpected status') return 'unknown';
  if (status === 'OK') return 'ok';
  return isWarning(status) ? 'warning' : 'error';
}

/** Whether an exit status counts as a failure: all but OK and warnings (PVE::Tools::upid_status_is_error). */
export function isErrorStatus(status: string): boolean {
  return status !== 'OK' && !isWarning(status);
}

function isWarning(status: string): boolean {
  return /^WARNINGS: \p{Nd}+\n?$/u.test(status);
}
