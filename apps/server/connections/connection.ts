import type { Assistant } from '@pxa/assistant';
import type { Unavailable } from '../http/envelope.ts';
import { notAcceptable, Problem } from '../http/problem.ts';
import type { Service } from '../service.ts';
import { inTime } from './patience.ts';

/** A cluster by the name of the connection to it. */
export interface Connection {
  readonly name: string;
  readonly cluster: Assistant;
}

/** The connection that is named in a query or a body; the first where none is. @throws Problem 422 */
export function connectionNamed(service: Service, name: string | undefined): Connection {
  const [first] = connectionsNamed(service, name);
  if (first === undefined) throw new Error('the service was started without a cluster');
  return first;
}

/** The connections that a list is about: the one that is named, or all. @throws Problem 422 */
export function connectionsNamed({ clusters }: Service, name: string | undefined): Connection[] {
  if (name === undefined) return Array.from(clusters, ([each, cluster]) => ({ name: each, cluster }));
  const cluster = clusters.get(name);
  if (cluster !== undefined) return [{ name, cluster }];
  const names = [...clusters.keys()].join(', ');
  throw notAcceptable(`There is no connection ${name}. There are: ${names}.`, {
    field: 'connection',
    reason: 'not_found',
    provided_value: name,
  });
}

/**
 * The same of each connection that a list is about, side by side. One that does not answer is named as unavailable, and
 * hides nothing of the others. @throws Problem 503 where none answers
 */
export async function fromEach<T>(
  service: Service,
  name: string | undefined,
  read: (connection: Connection) => Promise<T>,
): Promise<{ found: T[]; unavailable: Unavailable[] }> {
  const connections = connectionsNamed(service, name);
  // One alone has all its time; several are not to wait for the slowest.
  const isOne = connections.length === 1;
  const ends = await Promise.allSettled(connections.map((each) => (isOne ? read(each) : inTime(service, read(each)))));
  const found = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  const silent = ends.flatMap((end, at) =>
    end.status === 'rejected' ? [{ name: connections[at]?.name ?? '', why: end.reason as unknown }] : [],
  );
  const [first] = silent;
  const grave = silent.find(({ why }) => !(why instanceof Problem && why.status === 503));
  if (first !== undefined && (grave !== undefined || found.length === 0)) throw (grave ?? first).why;
  const unavailable = silent.map(({ name: field, why }) => ({ field, reason: (why as Problem).message })); // told above
  return { found, unavailable };
}

/** Something of a cluster that a path names, with its connection in front where it is not the first: `east:pve1`. */
export interface Named extends Connection {
  /** What the cluster calls it. */
  readonly own: string;
}

/** What a path names. What stands before a colon is a connection only where there is one by that name. */
export function readNamed({ clusters }: Service, text: string): Named {
  const [first] = clusters.entries();
  if (first === undefined) throw new Error('the service was started without a cluster');
  const colon = text.indexOf(':');
  const before = text.slice(0, Math.max(0, colon));
  const cluster = clusters.get(before);
  if (cluster !== undefined) return { name: before, cluster, own: text.slice(colon + 1) };
  return { name: first[0], cluster: first[1], own: text };
}

/** How something of a cluster is named in paths: with its connection in front, where that is not the first. */
export function nameText({ clusters }: Service, connection: string, own: string): string {
  const [first] = clusters.keys();
  return connection === first ? own : `${connection}:${own}`;
}
