import type { Row } from '@pxa/contract';
import { type Connection, connectionNamed, nameText, readNamed } from '../connections/connection.ts';
import { idOfType, readGuestId } from '../guests/ids.ts';
import { same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import { notAcceptable, type Problem } from '../http/problem.ts';
import type { Service } from '../service.ts';
import type { NewScan } from './schemas.ts';

/** The cluster itself, as a target. */
const CLUSTER = 'cluster';

interface Named {
  readonly connection: string;
  /** As the catalogue names it: `qemu/101`, `node/pve1`, `cluster`. */
  readonly row: string;
  readonly text: string;
}

/** What a scan is to look at: the connection, and the row ids of its targets; null where it is everything. */
export interface ScanScope {
  readonly connection: Connection;
  readonly targets: string[] | null;
}

/** The targets that a request names, all of one cluster, which there are. One call to Proxmox. @throws Problem 422, 503 */
export async function scopeOf(
  service: Service,
  { targets, scan_options: options, connection }: NewScan,
): Promise<ScanScope> {
  if (targets === undefined) return { connection: connectionNamed(service, connection), targets: null };
  const named = targets.map((text) => namedBy(service, text, connection));
  const [first] = named;
  const other = named.find((each) => each.connection !== first?.connection);
  if (other !== undefined)
    throw refused(other.text, 'A scan looks at one cluster: ask for another scan.', 'other_cluster');
  const of = connectionNamed(service, first?.connection);
  const { views } = await lookAt(of.cluster, [
    { dataset: 'guests', where: same('template', false), columns: ['node'] },
    { dataset: 'nodes', columns: ['node'] },
  ]);
  const known = new Map(views.flatMap(({ rows }) => rows).map((row) => [row.id, row]));
  const missing = named.find(({ row }) => row !== CLUSTER && !known.has(row));
  if (missing !== undefined)
    throw refused(missing.text, `There is no ${missing.text} that could be scanned.`, 'not_found');
  const rows = named.map(({ row }) => row);
  const more = options?.include_dependencies === true ? [...dependencies(rows, known), CLUSTER] : [];
  return { connection: of, targets: [...new Set([...rows, ...more])] };
}

/** The nodes that guests run on. */
function dependencies(rows: readonly string[], known: ReadonlyMap<string, Row>): string[] {
  const guests = rows.filter((row) => /^(qemu|lxc)\//.test(row));
  return guests.map((row) => `node/${String(known.get(row)?.cells['node'])}`);
}

function namedBy(service: Service, text: string, connection: string | undefined): Named {
  const usual = connectionNamed(service, connection).name;
  const whole = text.includes(':') ? text : nameText(service, usual, text);
  const guest = readGuestId(service, whole);
  if (guest !== undefined) return { connection: guest.connection, row: guest.guest, text };
  const { name, own } = readNamed(service, whole);
  return { connection: name, row: own === CLUSTER ? CLUSTER : `node/${own}`, text };
}

function refused(text: string, message: string, reason: string): Problem {
  return notAcceptable(message, { field: 'targets', reason, provided_value: text });
}

/** How the service names a row of the catalogue: `vm-101`, `pve1`, `cluster`. */
export function targetText(service: Service, connection: string, row: string): string {
  const [type = '', id = ''] = row.split('/');
  if (type === 'qemu' || type === 'lxc') return idOfType(service, connection, type, Number(id));
  return nameText(service, connection, type === 'node' ? id : row);
}

/** The row of the catalogue that a query names; what names none is kept, and finds nothing. */
export const targetRow = (service: Service, text: string): string => namedBy(service, text, undefined).row;
