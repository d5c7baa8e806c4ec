import type { CallWatch } from '@pxa/server';
import { connectTo, openedOver, type Opened, openCluster } from '../backend.ts';
import type { Connection } from '../connection/connection.ts';
import { CliError, EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { type GlobalOptions, wantsSandbox } from '../options.ts';

/** A cluster that is served, by the name that requests call it by. */
export interface Served {
  readonly name: string;
  readonly opened: Opened;
}

/**
 * What is served: the sandbox, the one connection that is named or that the environment describes, else all that are
 * saved, the one in use first. Nothing waits for a cluster to answer; `calls` hears of every call. @throws CliError
 */
export async function openServed(io: Io, options: GlobalOptions, calls: CallWatch): Promise<Served[]> {
  const saved = wantsSandbox(options) || options.connection !== undefined ? [] : await savedConnections(io);
  if (saved.length > 0) return Promise.all(saved.map((connection) => openSaved(io, connection, calls)));
  const name = options.connection ?? 'default';
  return [{ name, opened: await openCluster(io, options, calls.of(name)) }];
}

/** All saved connections, unless the environment describes one: then that is meant. */
async function savedConnections(io: Io): Promise<Connection[]> {
  const { environmentConnection } = await import('../connection/resolve.ts');
  if ((await environmentConnection(io)) !== undefined) return [];
  const { listConnections, openConnection } = await import('../connection/saved.ts');
  const listed = await listConnections(io);
  const first = listed.filter(({ isCurrent }) => isCurrent);
  const names = [...first, ...listed.filter(({ isCurrent }) => !isCurrent)].map(({ name }) => name);
  const connections = await Promise.all(names.map((name) => openConnection(io, name)));
  refuseSame(connections);
  return connections;
}

/** A plan is bound to the address that it was made over: with two ways to one address it would not be known which. */
function refuseSame(connections: readonly Connection[]): void {
  const byUrl = new Map<string, string>();
  for (const { name, url } of connections) {
    const other = byUrl.get(url);
    if (other !== undefined) {
      throw new CliError(
        EXIT.usage,
        `The saved connections ${other} and ${name} have the same address, ${url}.`,
        'Serve one of them with --connection NAME, or remove the other with pxa connections remove NAME.',
      );
    }
    byUrl.set(url, name);
  }
}

async function openSaved(io: Io, connection: Connection, calls: CallWatch): Promise<Served> {
  const cluster = await connectTo(connection, {}, calls.of(connection.name));
  return { name: connection.name, opened: openedOver(io, connection, cluster) };
}

/** What is served, for people. */
export function labelOf(served: readonly Served[]): string {
  const [first] = served;
  return served.length === 1 && first !== undefined ? first.opened.label : served.map(({ name }) => name).join(', ');
}
