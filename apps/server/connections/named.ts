import type { Service } from '../service.ts';
import type { Connection } from './connection.ts';

/** A thing of one cluster by its own name: `vmbr0`, or `east:vmbr0` of the connection `east`. */
export interface Named extends Connection {
  readonly own: string;
}

/** What an id means: the part before its first colon is a connection where there is one of that name. */
export function readNamed({ clusters }: Service, text: string): Named {
  const at = text.indexOf(':');
  const named = at > 0 ? clusters.get(text.slice(0, at)) : undefined;
  if (named !== undefined) return { name: text.slice(0, at), cluster: named, own: text.slice(at + 1) };
  const [first] = clusters;
  if (first === undefined) throw new Error('the service was started without a cluster');
  return { name: first[0], cluster: first[1], own: text };
}

/** The id of a thing: with its connection in front, where it is not the first. */
export function namedText({ clusters }: Service, connection: string, own: string): string {
  const [first] = clusters.keys();
  return connection === first ? own : `${connection}:${own}`;
}
