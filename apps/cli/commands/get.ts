import { harmlessJson, plural, renderCall, renderData } from '@pxa/assistant/render';
import type { Cluster } from '../backend.ts';
import { apiFacts, openCluster } from '../backend.ts';
import { CliError, EXIT, usageError } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { problemError } from '../problem-error.ts';
import { keyReader } from '../terminal/keys.ts';
import { paintFor, styleFor } from '../terminal/look.ts';
import type { PagerKey } from '../terminal/pager.ts';
import { page } from '../terminal/pager.ts';
import { nextSegments } from '../completion/api-paths.ts';

/** `pxa get PATH key=value…`: any read of the API. */
export async function get(io: Io, options: GlobalOptions, operands: string[]): Promise<ExitCode> {
  const [path = '', ...rest] = operands;
  // "get all VMs" is a request in words, not a path.
  if (!path.startsWith('/') && rest.some((word) => !word.includes('='))) {
    return (await import('./ask.ts')).ask(io, options, ['get', ...operands]);
  }
  const wanted = await parseGet(operands);
  const stopping = new AbortController();
  const off = io.onStop(() => stopping.abort());
  const opened = await openCluster(io, options);
  try {
    return await getFrom(io, options, opened.cluster, wanted, { signal: stopping.signal, nextKey: keyReader(io) });
  } finally {
    off();
    await opened.close();
  }
}

/** A path of the API that exists, and its parameters. */
interface Wanted {
  path: string;
  params: Record<string, unknown>;
}

/** What `get PATH key=value…` asks for; refuses what the API does not have, naming what it has there. */
export async function parseGet(operands: string[]): Promise<Wanted> {
  const [path = '', ...rest] = operands;
  const wanted = { path: cleanPath(path), params: parseParams(rest) };
  await checkRoute(wanted.path);
  return wanted;
}

/** Reads and shows. */
export async function getFrom(
  io: Io,
  options: GlobalOptions,
  cluster: Cluster,
  wanted: Wanted,
  during: { signal: AbortSignal; nextKey: (() => Promise<PagerKey>) | undefined },
): Promise<ExitCode> {
  const session = cluster.session({ signal: during.signal });
  const read = await session.reader.getRaw(wanted.path, wanted.params);
  if (during.signal.aborted) throw new CliError(EXIT.interrupted, 'Stopped.');
  if (!read.ok) throw problemError(read.problem);
  if (options.json === true) {
    writeLine(io.stdout, harmlessJson(JSON.stringify(read.data, null, 2) ?? 'null'));
    return EXIT.answered;
  }
  const call = session.calls[read.call];
  if (options.quiet !== true && call !== undefined)
    writeLine(io.stdout, paintFor(io.stdout, io.env, options).dim(renderCall(call)));
  await page(renderData(read.data, styleFor(io, options)), io.stdout, during.nextKey);
  if (read.total !== undefined && Array.isArray(read.data) && read.total > read.data.length) {
    const more = plural(read.total - read.data.length, 'more entry', 'more entries');
    writeLine(io.stdout, `… ${more} of ${read.total}: start=N and limit=N`);
  }
  return EXIT.answered;
}

/** `/api2/json/nodes/` → `/nodes`; a missing slash at the front is added. */
function cleanPath(path: string): string {
  const [bare = '', query] = path.split('?');
  if (query !== undefined)
    throw usageError(
      'The path holds a question mark.',
      'Give parameters as key=value after the path: pxa get /nodes/pve1/tasks limit=5',
    );
  return `/${bare.replace(/^\/*(api2\/(json|extjs)(\/|$))?/, '').replace(/\/+$/, '')}`;
}

/** `key=value` words; a repeated key becomes a list, as Proxmox reads repeated keys. */
export function parseParams(words: string[]): Record<string, unknown> {
  const params = new Map<string, string | string[]>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1)
      throw usageError(
        `${JSON.stringify(word.slice(0, 80))} is not key=value.`,
        'Example: pxa get /nodes/pve1/tasks limit=5',
      );
    const key = word.slice(0, at);
    const value = word.slice(at + 1);
    const before = params.get(key);
    params.set(key, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]);
  }
  return Object.fromEntries(params);
}

async function checkRoute(path: string): Promise<void> {
  const facts = await apiFacts();
  if (facts.matchRoute('GET', path) !== undefined) return;
  const other = ['POST', 'PUT', 'DELETE'].find((method) => facts.matchRoute(method, path) !== undefined);
  if (other !== undefined) throw usageError(`${path} can only be written (${other}); pxa get reads.`);
  const { below, parent } = nextSegments(facts.allRoutes(), path);
  const known = below.length > 0 ? `Below ${parent}: ${below.join(', ')}` : 'pxa get / lists what there is.';
  throw usageError(`Proxmox's API has no path ${path}.`, known);
}
