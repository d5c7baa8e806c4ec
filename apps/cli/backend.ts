import { join } from 'node:path';
import type { Assistant, Memory } from '@pxa/assistant';
import type { Cluster } from '@pxa/assistant/clusters';
import type { Sandbox } from '@pxa/assistant/lab';
import type { Call } from '@pxa/contract';
import { type Connection, identityName } from './connection/connection.ts';
import { CliError, EXIT, usageError } from './exit.ts';
import { foldersFor } from './folders.ts';
import { type Io, writeLine } from './io.ts';
import type { GlobalOptions } from './options.ts';
import { hasCode } from './private-file.ts';
import { wantsSandbox } from './options.ts';

export type { Cluster, Problem, Read, Reader } from '@pxa/assistant/clusters';
export type { Sandbox, SandboxOptions } from '@pxa/assistant/lab';

/** The sandbox's code. */
export function sandboxDoor(): Promise<typeof import('@pxa/assistant/lab')> {
  return import('@pxa/assistant/lab');
}

/** The facts about the routes of Proxmox's API. */
export function apiFacts(): Promise<typeof import('@pxa/assistant/routes')> {
  return import('@pxa/assistant/routes');
}

/** What stands behind the door: loaded only when a command needs it, since each part costs time at the start. */
export interface Opened {
  cluster: Cluster;
  /** What it is, for people: a host name, or the sandbox. */
  label: string;
  /** Which connection it is, as plans are bound to it. */
  connection: string;
  /** Who we are to Proxmox: a token's id, or a user's. */
  user: string;
  /** Where plans and jobs are kept: for a sandbox in this process, as long as it. */
  keeps: 'on disk' | 'in memory';
  /** The time that it goes by, in milliseconds since 1970: a sandbox has its own. */
  now(): number;
  /** Lets it begin anew; only a sandbox in this process can. */
  reset?(): Promise<void>;
  close(): Promise<void>;
}

/** Asks for a second factor where an identity with a password needs one; gets the kinds that would do. */
interface SecondFactor {
  askOtp?: (kinds: string[]) => Promise<string>;
}

/** Is told of every call to Proxmox as it ends. */
export type OnCall = (call: Call) => void;

/** A client for a connection. Nothing is sent yet. */
export async function connectTo(connection: Connection, second: SecondFactor = {}, onCall?: OnCall): Promise<Cluster> {
  const { connect } = await import('@pxa/assistant/clusters');
  const { identity, fingerprint, ca } = connection;
  return connect({
    url: connection.url,
    auth:
      identity.kind === 'token'
        ? { kind: 'token', tokenId: identity.tokenId, secret: identity.secret }
        : { kind: 'password', username: identity.username, password: identity.password, ...second },
    tls: { ...(fingerprint === undefined ? {} : { fingerprint }), ...(ca === undefined ? {} : { ca }) },
    ...(onCall === undefined ? {} : { onCall }),
  });
}

/** The cluster that the options and the environment name, or a sandbox in this process. */
export async function openCluster(io: Io, options: GlobalOptions, onCall?: OnCall): Promise<Opened> {
  if (wantsSandbox(options)) return openSandbox(options, onCall);
  const { resolveConnection } = await import('./connection/resolve.ts');
  const connection = await resolveConnection(io, options.connection);
  const cluster =
    connection.identity.kind === 'password'
      ? await signInFirst(io, connection, onCall)
      : await connectTo(connection, {}, onCall);
  return openedOver(io, connection, cluster);
}

/** A cluster that stays, over a connection that is known. */
export function openedOver(io: Io, connection: Connection, cluster: Cluster): Opened {
  return {
    cluster,
    label: new URL(connection.url).host,
    connection: connection.url,
    user: identityName(connection.identity),
    keeps: 'on disk',
    now: () => io.now(),
    close: () => cluster.close(),
  };
}

// A password may want a second factor beside it: asked for before anything else listens to the keyboard.
async function signInFirst(io: Io, connection: Connection, onCall?: OnCall): Promise<Cluster> {
  if (io.stdin.isTTY !== true) return connectTo(connection, {}, onCall);
  const { openDialog } = await import('./terminal/dialog.ts');
  const dialog = openDialog(io);
  const cluster = await connectTo(connection, { askOtp: (kinds) => dialog.secret(sayKinds(kinds)) }, onCall);
  const read = await cluster.session().reader.get('/version', {});
  dialog.close();
  if (read.ok) return cluster;
  await cluster.close();
  throw (await import('./problem-error.ts')).problemError(read.problem);
}

/** How a second factor is asked for. */
export function sayKinds(kinds: readonly string[]): string {
  return `Second factor (${kinds.join(' or ')}):`;
}

async function openSandbox(options: GlobalOptions, onCall?: OnCall): Promise<Opened> {
  let { sandbox, cluster } = await newSandbox(options, onCall);
  const close = async (): Promise<void> => {
    await cluster.close();
    await sandbox.close();
  };
  return {
    // Whoever holds it goes on with whichever there is.
    cluster: {
      session: (how) => cluster.session(how),
      learnNodes: () => cluster.learnNodes(),
      close: () => cluster.close(),
    },
    label: 'the sandbox',
    connection: 'the sandbox',
    user: sandbox.tokenId,
    keeps: 'in memory',
    now: () => sandbox.clock.now(),
    reset: async () => {
      // A clock that was set goes on: what was made meanwhile is not of the future.
      const clock = options.clock === undefined ? {} : { clock: new Date(sandbox.clock.now()) };
      const anew = await newSandbox({ ...options, ...clock }, onCall);
      await close();
      ({ sandbox, cluster } = anew);
    },
    close,
  };
}

async function newSandbox(options: GlobalOptions, onCall?: OnCall): Promise<{ sandbox: Sandbox; cluster: Cluster }> {
  const sandbox = await launchSandbox(options);
  return { sandbox, cluster: await connectTo(sandboxConnection(sandbox), {}, onCall) };
}

function sandboxConnection(sandbox: Sandbox): Connection {
  return {
    name: 'sandbox',
    url: sandbox.url,
    identity: { kind: 'token', tokenId: sandbox.tokenId, secret: sandbox.tokenSecret },
    fingerprint: sandbox.fingerprint,
  };
}

/** The sandbox that the options describe, listening. */
export async function launchSandbox(options: GlobalOptions): Promise<Sandbox> {
  const { sandboxOptions } = await import('./sandbox-options.ts');
  const prepared = await sandboxOptions(options);
  const { InvalidWorld, startSandbox } = await sandboxDoor();
  try {
    return await startSandbox(prepared);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof InvalidWorld)
      throw usageError(
        `--world: ${options.world ?? 'demo'} is not a world: ${reason}`,
        'pxa sandbox export FILE writes one.',
      );
    if (hasCode(error, 'EADDRINUSE'))
      throw new CliError(
        EXIT.error,
        `Port ${options.port ?? 0} is taken.`,
        'Choose another with --port, or 0 for any free one.',
      );
    throw error;
  }
}

/**
 * The assistant over a cluster. Closing it is not closing the cluster. A conversation that was given a name outlasts
 * the command.
 */
export async function openAssistant(io: Io, opened: Opened, options: GlobalOptions): Promise<Assistant> {
  const { createAssistant, defaultThresholds } = await import('@pxa/assistant');
  const [{ readSettings }, { changeOptions }] = await Promise.all([
    import('./settings.ts'),
    import('./changes/options.ts'),
  ]);
  const { thresholds, approvals } = await readSettings(io, defaultThresholds);
  const named = options.conversation === undefined ? {} : { memory: await rememberedBy(io) };
  return createAssistant({
    cluster: opened.cluster,
    now: () => opened.now(),
    ids: () => io.id(),
    thresholds,
    changes: { ...changeOptions(io, opened), rules: approvals },
    ...named,
  });
}

async function rememberedBy(io: Io): Promise<Memory> {
  const { conversationMemory } = await import('./conversation-memory.ts');
  const folder = join(foldersFor(io.env).state, 'conversations');
  return conversationMemory(
    folder,
    () => io.id(),
    (trouble) => writeLine(io.stderr, trouble),
  );
}
