import type { Assistant } from '@pxa/assistant';
import { notAcceptable } from '../http/problem.ts';
import type { Service } from '../service.ts';

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
