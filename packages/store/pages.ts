/** A part of a list that is ordered by when things were made: from an offset, or from a place in it. */
export interface PageOf {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly offset: number;
  /** What comes next to the item that was made as this number, or before it; wins over the offset. */
  readonly from?: { readonly made: number; readonly direction: 'next' | 'previous' } | undefined;
}

/** One page, and where it stands in the whole. */
export interface Page<T> {
  readonly items: readonly { readonly made: number; readonly item: T }[];
  readonly total: number;
  readonly offset: number;
}

/** Items on one side of a place. */
export interface Bound {
  readonly is: '<' | '>';
  readonly made: number;
}

/** What a list is paged by: how many there are, and which. */
export interface Paged<R> {
  total(bound?: Bound): Promise<number>;
  rows(of: { bound: Bound | undefined; order: 'asc' | 'desc'; limit: number; offset: number }): Promise<R[]>;
}

/** The rows of a page. All of it is to be read in one transaction, so that the numbers fit each other. */
export async function pageRows<R extends { made: number }>(
  list: Paged<R>,
  { limit, order, offset, from }: PageOf,
): Promise<{ rows: R[]; total: number; offset: number }> {
  const total = await list.total();
  if (from === undefined) {
    return { rows: await list.rows({ bound: undefined, order, limit, offset }), total, offset };
  }
  const isDown = (order === 'desc') === (from.direction === 'next');
  const bound: Bound = { is: isDown ? '<' : '>', made: from.made };
  const beyond = await list.total(bound);
  const rows = await list.rows({ bound, order: isDown ? 'desc' : 'asc', limit, offset: 0 });
  if (from.direction === 'next') return { rows, total, offset: total - beyond };
  return { rows: rows.reverse(), total, offset: Math.max(0, beyond - rows.length) };
}
