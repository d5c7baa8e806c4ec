import { asFlag, asList } from '../access-change.ts';
import { PveError, type Call } from '../behaviour.ts';
import { refusalText } from '../refusal-text.ts';
import { rowsHash } from '../state/config-hash.ts';
import type { Row } from '../state/model.ts';
import { textParam } from './common.ts';

/** Work under a lock of the cluster: what goes wrong in it is told with what it was for (PVE::Cluster, cfs_lock). */
export function withPrefix<T>(failure: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new PveError(500, `${failure}: ${refusalText(error).trimEnd()}\n`);
  }
}

/** PVE::Tools::assert_if_modified: an empty digest, or none, is not compared. */
export function assertDigest(call: Call, rows: object, is = rowsHash(rows)): void {
  const sent = textParam(call, 'digest');
  if (sent === undefined || sent === '' || sent === is) return;
  throw new PveError(500, 'detected modified configuration - file changed by other user? Try again.\n');
}

/** How a setting is kept: flags as 0 or 1, numbers as such. */
export type Kind = 'text' | 'flag' | 'number';

/** The settings that were sent, as the configuration keeps them. */
export function sentSettings(call: Call, kinds: Record<string, Kind>): Row {
  const sent: Row = {};
  for (const [key, kind] of Object.entries(kinds)) {
    const value = call.params[key];
    if (value === undefined || value === null) continue;
    sent[key] = kind === 'flag' ? asFlag(value) : kind === 'number' ? Number(value) : String(value);
  }
  return sent;
}

/** The row without what `delete` names; a name that is no setting of such a row is refused (PVE::SectionConfig). */
export function withoutDeleted(
  call: Call,
  row: Row,
  kinds: Record<string, Kind>,
  required: readonly string[] = [],
): Row {
  const left = { ...row };
  for (const key of asList(call.params['delete'])) {
    if (required.includes(key)) throw new PveError(500, `unable to delete required option '${key}'\n`);
    if (!(key in kinds)) throw new PveError(500, `no such option '${key}'\n`);
    delete left[key];
  }
  return left;
}
