import { formatTime, harmless, plural } from '@pxa/assistant/render';
import type { Read, Reader } from '../backend.ts';
import { parsePermissions, sayShortcoming, shortcomings } from '../connection/privileges.ts';

/** One thing that was looked at. */
export interface Check {
  name: string;
  state: 'good' | 'poor' | 'bad';
  text: string;
  next_step?: string;
}

/** pvestatd and tickets bear minutes; logs and certificates confuse people sooner. */
const SKEW_SECONDS = 30;
const CERTIFICATE_DAYS = 30;
const OLDEST_TESTED = 8;

/** Looks at the way to a cluster and at what the identity may see. Where the first read fails, it is the only check. */
export async function examine(reader: Reader, now: () => number, label: string): Promise<Check[]> {
  const version = await reader.get('/version', {});
  const reach = reachability(version, label);
  if (!version.ok) return [reach];
  const [permissions, status] = await Promise.all([
    reader.get('/access/permissions', {}),
    reader.get('/cluster/status', {}),
  ]);
  const node = localNode(status);
  const certificates = node === undefined ? undefined : await reader.get('/nodes/{node}/certificates/info', { node });
  return [
    reach,
    release(String(version.data.version ?? '')),
    clock(version.serverTime, now()),
    certificates === undefined ? unseenCertificate() : certificate(certificates, now()),
    privileges(permissions),
    quorum(status),
  ];
}

function reachability(read: Read<unknown>, label: string): Check {
  if (read.ok)
    return {
      name: 'reachability',
      state: 'good',
      text: `${label} answers, its certificate is accepted and the sign-in is valid`,
    };
  return unread('reachability', 'bad', read.problem);
}

/** What could not be looked at, because its read failed. */
function unread(name: string, state: Check['state'], problem: Extract<Read<unknown>, { ok: false }>['problem']): Check {
  return { name, state, text: harmless(problem.message.trim()), next_step: problem.next_step };
}

function release(version: string): Check {
  const major = parseInt(version, 10);
  const text = `Proxmox VE ${harmless(version)}`;
  if (major >= OLDEST_TESTED) return { name: 'version', state: 'good', text };
  return {
    name: 'version',
    state: 'poor',
    text: `${text} is older than what pxa is made for (${OLDEST_TESTED}.x and later)`,
    next_step: 'Some answers may be missing; upgrade when you can.',
  };
}

function clock(serverSeconds: number, nowMs: number): Check {
  const skew = serverSeconds - nowMs / 1000;
  const text = `the server's clock is ${Math.abs(skew) < 2 ? 'the same as here' : `${Math.round(Math.abs(skew))} s ${skew > 0 ? 'ahead of' : 'behind'} here`}`;
  if (Math.abs(skew) <= SKEW_SECONDS) return { name: 'clock', state: 'good', text };
  return {
    name: 'clock',
    state: 'poor',
    text,
    next_step: 'Check the time service: chronyc tracking on the node, timedatectl here.',
  };
}

function unseenCertificate(): Check {
  return {
    name: 'certificate',
    state: 'poor',
    text: 'it is not known which node answered, so when its certificate ends was not read',
  };
}

function certificate(read: Read<unknown>, nowMs: number): Check {
  if (!read.ok) return unread('certificate', 'poor', read.problem);
  // A certificate of the keeper's own is served in place of the one that Proxmox makes.
  const files = list(read.data);
  const served = ['pveproxy-ssl.pem', 'pve-ssl.pem'].map((name) => files.find((file) => file['filename'] === name));
  const end = Number(served.find((file) => file !== undefined)?.['notafter'] ?? NaN);
  if (Number.isNaN(end)) return { name: 'certificate', state: 'poor', text: 'Proxmox did not tell when it ends' };
  const days = Math.floor((end - nowMs / 1000) / 86_400);
  const until = formatTime(end, 'UTC').slice(0, 10);
  if (days < 0)
    return {
      name: 'certificate',
      state: 'bad',
      text: `ended on ${until}`,
      next_step: 'Renew it on the node: pvecm updatecerts --force',
    };
  const text = `valid until ${until} (${plural(days, 'day')})`;
  if (days > CERTIFICATE_DAYS) return { name: 'certificate', state: 'good', text };
  return {
    name: 'certificate',
    state: 'poor',
    text,
    next_step: 'Proxmox renews its own; check pve-daily-update.timer on the node.',
  };
}

function privileges(read: Read<unknown>): Check {
  if (!read.ok) return unread('privileges', 'bad', read.problem);
  const lacking = shortcomings(parsePermissions(read.data));
  if (lacking.length === 0)
    return { name: 'privileges', state: 'good', text: 'everything that pxa can be asked about may be read' };
  const text = lacking.map((each) => harmless(sayShortcoming(each))).join('; ');
  return {
    name: 'privileges',
    state: 'poor',
    text,
    next_step: 'The role PVEAuditor on / is enough for nearly all of it.',
  };
}

function quorum(read: Read<unknown>): Check {
  if (!read.ok) return unread('quorum', 'poor', read.problem);
  const rows = list(read.data);
  const cluster = rows.find((row) => row['type'] === 'cluster');
  const nodes = rows.filter((row) => row['type'] === 'node');
  const online = nodes.filter((row) => Number(row['online']) === 1).length;
  if (cluster === undefined) return { name: 'quorum', state: 'good', text: 'a single node, no cluster' };
  const text = `${harmless(String(cluster['name']))}: ${online} of ${plural(nodes.length, 'node')} online`;
  if (Number(cluster['quorate']) !== 1)
    return { name: 'quorum', state: 'bad', text: `${text}, no quorum`, next_step: 'On a node: pvecm status' };
  return { name: 'quorum', state: online === nodes.length ? 'good' : 'poor', text: `${text}, quorate` };
}

function localNode(status: Read<unknown>): string | undefined {
  const row = status.ok ? list(status.data).find((each) => Number(each['local']) === 1) : undefined;
  return typeof row?.['name'] === 'string' ? row['name'] : undefined;
}

function list(data: unknown): Record<string, unknown>[] {
  if (!Array.isArray(data)) return [];
  return data.filter((each): each is Record<string, unknown> => typeof each === 'object' && each !== null);
}
