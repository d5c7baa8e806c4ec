import type { Assistant } from '@pxa/assistant';
import type { Filter, Query, Scan, View } from '@pxa/contract';
import { Cells } from '../http/cells.ts';
import { all, same } from '../http/filter.ts';
import type { Service } from '../service.ts';
import { COLUMNS, type Judged, judgedOf, type Part, partOf } from './judge.ts';
import { ratingsFrom, ScanFailed } from './ratings.ts';

/** Guests that are looked at together: what was read of them is held in memory until they are judged. */
const AT_ONCE = 2_000;

/** Looks at all that a scan was asked for, some guests after the others. @throws ScanFailed where nothing could be looked at */
export async function runScan(service: Service, scan: Scan, signal: AbortSignal): Promise<Judged> {
  const cluster = service.clusters.get(scan.connection);
  if (cluster === undefined) throw new ScanFailed(`There is no connection ${scan.connection} any more.`);
  const parts: Part[] = [];
  let lack: string | undefined;
  for (const which of await portions(cluster, scan, signal)) {
    signal.throwIfAborted();
    const looked = await cluster.look([queryOf(scan, which)], { signal });
    if (!looked.ok) throw new ScanFailed(looked.why);
    const [first] = looked.lacks;
    if (first !== undefined) lack ??= `${first.about}: ${first.why}`;
    const [view] = looked.views;
    const ratings = await ratingsFrom(service.settings.security_tracker_file, cvesOf(view));
    if (view !== undefined) parts.push(partOf(scan.type, view, looked.calls, ratings));
  }
  const judged = judgedOf(parts);
  if (judged === undefined) throw new ScanFailed(lack ?? 'There is nothing to be scanned.');
  return judged;
}

/** The targets of a scan in portions that are looked at one after the other; undefined: all that there are. */
async function portions(
  cluster: Assistant,
  { targets }: Scan,
  signal: AbortSignal,
): Promise<readonly (Filter | undefined)[]> {
  if (targets !== null) return inPortions(targets);
  const looked = await cluster.look([{ dataset: 'guests', columns: ['vmid'] }], { signal });
  if (!looked.ok) throw new ScanFailed(looked.why);
  const guests = (looked.views[0]?.rows ?? []).map(({ id }) => id);
  if (guests.length <= AT_ONCE) return [undefined];
  return [{ op: 'in', column: 'kind', values: ['node', 'cluster'] }, ...inPortions(guests)];
}

const inPortions = (targets: readonly string[]): Filter[] =>
  Array.from({ length: Math.ceil(targets.length / AT_ONCE) }, (_, at) => ({
    op: 'in',
    column: 'target',
    values: targets.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
  }));

/** The vulnerabilities that were found, each once. */
function cvesOf(view: View | undefined): Set<string> {
  return new Set((view?.rows ?? []).flatMap((row) => new Cells(row).list('cves')));
}

function queryOf({ type, deep_scan: isDeep }: Scan, which: Filter | undefined): Query {
  return {
    dataset: 'security-checks',
    where: all(same('types', type), which),
    // changelogs are read where the CVE ids are asked for
    columns: [...COLUMNS, ...(isDeep ? ['cves'] : [])],
  };
}
