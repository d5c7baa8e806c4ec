import type { Looked } from '@pxa/assistant';
import type { Unavailable } from '../http/envelope.ts';
import type { Service } from '../service.ts';
import { type Connection, fromEach } from './connection.ts';

/** What is told for a list, and what of it could not be. */
export interface Told<T> {
  readonly rows: readonly T[];
  readonly unavailable: readonly Unavailable[];
}

/** The rows of all connections that a list is about; one that is silent among several is named. @throws Problem 422, 503 */
export async function toldByEach<T>(
  service: Service,
  name: string | undefined,
  read: (connection: Connection) => Promise<Told<T>>,
): Promise<Told<T>> {
  const { found, unavailable } = await fromEach(service, name, read);
  return {
    rows: found.flatMap(({ rows }) => rows),
    unavailable: [...found.flatMap((each) => each.unavailable), ...unavailable],
  };
}

/** What could not be read of the cluster, as an answer names it. */
export const unread = ({ lacks }: Pick<Extract<Looked, { ok: true }>, 'lacks'>): Unavailable[] =>
  lacks.map(({ about, why }) => ({ field: about, reason: why }));
