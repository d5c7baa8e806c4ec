import type { Filter, Query, Scan, View } from '@pxa/contract';
import { Cells } from '../http/cells.ts';
import { all, same } from '../http/filter.ts';
import type { Service } from '../service.ts';
import { COLUMNS, type Judged, judgedOf } from './judge.ts';
import { ratingsFrom, ScanFailed } from './ratings.ts';

/** Looks at all that a scan was asked for. @throws ScanFailed where nothing could be looked at */
export async function runScan({ clusters, settings }: Service, scan: Scan, signal: AbortSignal): Promise<Judged> {
  const cluster = clusters.get(scan.connection);
  if (cluster === undefined) throw new ScanFailed(`There is no connection ${scan.connection} any more.`);
  const looked = await cluster.look([queryOf(scan)], { signal });
  if (!looked.ok) throw new ScanFailed(looked.why);
  const [view] = looked.views;
  const ratings = await ratingsFrom(settings.security_tracker_file, cvesOf(view));
  const judged = view && judgedOf(scan.type, view, looked.calls, ratings);
  if (judged !== undefined) return judged;
  const [lack] = looked.lacks;
  throw new ScanFailed(lack === undefined ? 'There is nothing to be scanned.' : `${lack.about}: ${lack.why}`);
}

/** The vulnerabilities that were found, each once. */
function cvesOf(view: View | undefined): Set<string> {
  return new Set((view?.rows ?? []).flatMap((row) => new Cells(row).list('cves')));
}

function queryOf({ type, targets, deep_scan: isDeep }: Scan): Query {
  const named: Filter | undefined = targets === null ? undefined : { op: 'in', column: 'target', values: [...targets] };
  return {
    dataset: 'security-checks',
    where: all(same('types', type), named),
    // changelogs are read where the CVE ids are asked for
    columns: [...COLUMNS, ...(isDeep ? ['cves'] : [])],
  };
}
