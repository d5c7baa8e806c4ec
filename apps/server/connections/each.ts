import type { Unavailable } from '../http/envelope.ts';
import { Problem } from '../http/problem.ts';
import type { Service } from '../service.ts';
import { type Connection, connectionsNamed } from './connection.ts';

/** What one connection tells for a list. */
export interface Told<T> {
  readonly rows: readonly T[];
  readonly unavailable: readonly Unavailable[];
}

/**
 * What the connections tell for a list, side by side: the one that is named, or all. One that is silent among several
 * costs its rows, and is named. @throws Problem 422 for a name that is none, 503 where nothing is told
 */
export async function fromEach<T>(
  service: Service,
  named: string | undefined,
  read: (connection: Connection) => Promise<Told<T>>,
): Promise<{ rows: T[]; unavailable: Unavailable[] }> {
  const connections = connectionsNamed(service, named);
  const settled = await Promise.allSettled(connections.map(read));
  const unavailable: Unavailable[] = [];
  const told: Told<T>[] = [];
  for (const [at, each] of settled.entries()) {
    if (each.status === 'fulfilled') told.push(each.value);
    else if (!(each.reason instanceof Problem) || connections.length === 1) throw each.reason;
    else unavailable.push({ field: `connection ${connections[at]?.name ?? ''}`, reason: each.reason.message });
  }
  const silent = settled.find((each) => each.status === 'rejected');
  if (told.length === 0 && silent !== undefined) throw silent.reason;
  return {
    rows: told.flatMap(({ rows }) => rows),
    unavailable: [...told.flatMap((each) => each.unavailable), ...unavailable],
  };
}
