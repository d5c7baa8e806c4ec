import type { GetPath, ParamsOf } from '@pxa/pve/facts';
import { draft, type Draft, type Rec, type Unknown } from './cell.ts';
import type { DetailReader, NodeRef, Reading, RowsReader } from './reading.ts';

/** A row's id from its record; undefined leaves the record out. */
type IdOf = (rec: Rec) => string | undefined;

/** Rows of one call that gives an array. What cannot be read is named as lacking, and gives no rows. */
export function listOf<P extends GetPath>(path: P, params: ParamsOf<'GET', P>, about: string, idOf: IdOf): RowsReader {
  return async (reading) => {
    const got = await reading.list(path, params);
    if (!got.ok) {
      reading.lacks(about, got.why, got.nextStep);
      return [];
    }
    return drafts(got.data, idOf);
  };
}

/** Drafts of records, those without an id left out. */
export function drafts(recs: readonly Rec[], idOf: IdOf): Draft[] {
  const rows: Draft[] = [];
  for (const rec of recs) {
    const id = idOf(rec);
    if (id !== undefined) rows.push(draft(id, rec));
  }
  return rows;
}

/**
 * Rows of one call a node, side by side, for the nodes that the question is about. A node that does not answer costs
 * its rows and is named as lacking. Each row's `node` is given.
 */
export function perNode<P extends GetPath>(
  path: P,
  params: (node: string) => ParamsOf<'GET', P>,
  about: string,
  idOf: (rec: Rec, node: string) => string | undefined,
): RowsReader {
  return async (reading) => {
    const lists = await reading.each(await askedNodes(reading, about), async ({ node }) => {
      const got = await reading.list(path, params(node));
      if (!got.ok) {
        reading.lacks(`${about} of ${node}`, got.why, got.nextStep, `node/${node}`);
        return [];
      }
      const rows = drafts(got.data, (rec) => idOf(rec, node));
      return rows.map((row) => withGiven(row, 'node', node, got.at));
    });
    return lists.flat();
  };
}

/** The nodes that the question is about; those that are offline are named as lacking and left out. */
export async function askedNodes(reading: Reading, about: string, column = 'node'): Promise<readonly NodeRef[]> {
  const only = reading.only(column);
  const asked = (await reading.nodes()).filter(({ node }) => only === undefined || only.includes(node));
  for (const { node, online } of asked) {
    if (!online)
      reading.lacks(
        `${about} of ${node}`,
        `node ${node} is offline`,
        `Bring ${node} back, then ask again.`,
        `node/${node}`,
      );
  }
  return asked.filter(({ online }) => online);
}

/** The same row with one more given cell; `at` is the call that told it. */
export function withGiven(row: Draft, key: string, value: string | number, at: string): Draft {
  return { ...row, given: { ...row.given, [key]: { value, at } } };
}

/** A further read for each row: its parameters come from the row; undefined means that there is nothing to read, and why. */
export function detail<P extends GetPath>(
  path: P | ((row: Draft) => P),
  params: (row: Draft) => ParamsOf<'GET', P> | Unknown,
): DetailReader {
  return async (reading, row) => {
    const asked = params(row);
    // Parameters of a route never have a key `unknown`.
    if ('unknown' in asked) return asked as Unknown;
    const route = typeof path === 'function' ? path(row) : path;
    const got = await reading.read(route, asked as ParamsOf<'GET', P>);
    if (!got.ok) return { unknown: got.why };
    const data: unknown = got.data;
    if (typeof data !== 'object' || data === null) return { unknown: 'Proxmox gave no record' };
    return { data: data as Record<string, unknown>, at: got.at };
  };
}

/** A text field of a row's list record, for building parameters; empty where it is absent. */
export function baseText(row: Draft, key: string): string {
  const base = row.recs['base'];
  if (base === undefined || 'unknown' in base) return '';
  const value = base.data[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
