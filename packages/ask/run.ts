import type { Cell, Dataset, Draft, Got, NodeRef, Reading, Rec } from '@pxa/catalog';
import type { Filter, Instant, Query } from '@pxa/contract';
import type { Reader } from '@pxa/pve/reader';
import type { GetPath, ParamsOf, ReturnOf } from '@pxa/pve/facts';
import { asNumber, asText } from '@pxa/pve/values';
import { isByCalendar, whenBegins } from './calendar.ts';
import { narrows, rangeOf } from './filter.ts';
import { Lacks } from './lacks.ts';
import { parallel } from './parallel.ts';
import { cellOf } from './row-reader.ts';

/** How many per-guest or per-node reads of one request may be under way at once. */
const readsAtOnce = 16;

/** What a request has read so far. */
interface Known {
  readonly got: Map<string, Promise<Got<unknown>>>;
  readonly lists: Map<string, Promise<Got<Rec[]>>>;
  readonly rows: Map<string, Promise<readonly Draft[]>>;
  /** In seconds since 1970. */
  serverTime?: number;
  /** In seconds east of UTC. */
  zone?: number;
  zoneName?: string | undefined;
}

/**
 * Everything that one request reads: each read once, nothing kept for the next request. The inventory of names and all
 * queries of a request share it.
 */
export class Run {
  readonly lacks: Lacks;
  readonly #reader: Reader;
  readonly #datasets: ReadonlyMap<string, Dataset>;
  readonly #localNow: () => number;
  readonly #known: Known;

  /** `localNow` gives seconds since 1970, for the case that no answer has told the cluster's time; `whole` is the request that this is a part of. */
  constructor(reader: Reader, datasets: ReadonlyMap<string, Dataset>, localNow: () => number, whole?: Run) {
    this.lacks = new Lacks(whole?.lacks);
    this.#known = whole === undefined ? { got: new Map(), lists: new Map(), rows: new Map() } : whole.#known;
    this.#reader = reader;
    this.#datasets = datasets;
    this.#localNow = localNow;
  }

  /** One of several questions that are asked at once: it shares what is read, and knows what it lacks itself. */
  part(): Run {
    return new Run(this.#reader, this.#datasets, this.#localNow, this);
  }

  /** The cluster's clock in seconds, as the first answer of this request told it. */
  get now(): number {
    return this.#known.serverTime ?? this.#localNow();
  }

  dataset(id: string): Dataset {
    const found = this.#datasets.get(id);
    if (found === undefined) throw new Error(`the catalogue has no dataset ${id}`);
    return found;
  }

  read<P extends GetPath>(path: P, params: ParamsOf<'GET', P>): Promise<Got<ReturnOf<'GET', P>>> {
    const key = `${path} ${JSON.stringify(params)}`;
    let got = this.#known.got.get(key);
    if (got === undefined) {
      got = this.#fetch(path, params);
      this.#known.got.set(key, got);
    }
    // The key names the path, so what is kept under it has the path's type.
    return got as Promise<Got<ReturnOf<'GET', P>>>;
  }

  list<P extends GetPath>(path: P, params: ParamsOf<'GET', P>): Promise<Got<Rec[]>> {
    const key = `${path} ${JSON.stringify(params)}`;
    let recs = this.#known.lists.get(key);
    if (recs === undefined) {
      recs = this.read(path, params).then(recordsOf);
      this.#known.lists.set(key, recs);
    }
    return recs;
  }

  async #fetch<P extends GetPath>(path: P, params: ParamsOf<'GET', P>): Promise<Got<unknown>> {
    const read = await this.#reader.get(path, params);
    if (!read.ok) {
      const { message: why, next_step: nextStep, kind } = read.problem;
      return { ok: false, why, nextStep, at: `calls[${read.call}]#`, isForbidden: kind === 'forbidden' };
    }
    this.#known.serverTime ??= read.serverTime;
    const beside = read.extra === undefined ? {} : { beside: read.extra };
    return { ok: true, data: read.data, at: `calls[${read.call}]#/data`, ...beside };
  }

  async nodes(): Promise<readonly NodeRef[]> {
    const got = await this.list('/cluster/resources', {});
    if (!got.ok) {
      this.lacks.add('nodes', got.why, got.nextStep);
      return [];
    }
    return got.data
      .filter(({ data }) => data['type'] === 'node')
      .map(({ data, at }) => ({ node: String(data['node']), online: data['status'] === 'online', at }));
  }

  /** All rows of a dataset, read once. */
  rows(id: string): Promise<readonly Draft[]> {
    let rows = this.#known.rows.get(id);
    if (rows === undefined) {
      rows = this.load(this.dataset(id), { dataset: id }, new Set());
      this.#known.rows.set(id, rows);
    }
    return rows;
  }

  /** The rows of a dataset, as far as a query needs them; `wanted` are the columns that it looks at. */
  load(dataset: Dataset, query: Query, wanted: ReadonlySet<string>): Promise<Draft[]> {
    return dataset.rows(this.reading(dataset, query, wanted));
  }

  reading(dataset: Dataset, query: Query, wanted: ReadonlySet<string>): Reading {
    // The cluster's clock is known once something has been read, so times are worked out when they are looked at.
    const now = (): number => this.now;
    const window = (): Reading['window'] =>
      query.window && {
        from: this.instant(query.window.from),
        to: query.window.to ? this.instant(query.window.to) : this.now,
      };
    return {
      get now() {
        return now();
      },
      get window() {
        return window();
      },
      newest: newestOf(dataset, query),
      peak: query.measure?.of === 'max',
      read: (path, params) => this.read(path, params),
      list: (path, params) => this.list(path, params),
      nodes: () => this.nodes(),
      rows: (id) => this.rows(id),
      cell: (id, row, column): Cell => cellOf(this.dataset(id), row, column),
      each: (items, work) => parallel(items, readsAtOnce, work),
      wants: (column) => wanted.has(column),
      only: (column) => narrows(query.where, column),
      range: (column) => rangeOf(query.where, column, (instant) => this.instant(instant)),
      lacks: (about, why, nextStep, of) => this.lacks.add(about, why, nextStep, of),
    };
  }

  /** Reads what calendar words ("today") need: the server's offset from UTC. */
  async learnZone(): Promise<void> {
    if (this.#known.zone !== undefined) return;
    const node = (await this.nodes()).find(({ online }) => online)?.node;
    const got = node === undefined ? undefined : await this.read('/nodes/{node}/time', { node });
    const { localtime, time, timezone } = (got?.ok ? got.data : {}) as Record<string, unknown>;
    const [local, utc] = [asNumber(localtime), asNumber(time)];
    this.#known.zone = local !== null && utc !== null ? local - utc : 0;
    this.#known.zoneName = asText(timezone) ?? undefined;
    if (got === undefined || !got.ok)
      this.lacks.add('the server’s time zone', 'it could not be read; days are counted in UTC');
  }

  /** The server's time zone by its name (`Europe/Zurich`), for showing times as its keepers know them. */
  async zoneName(): Promise<string | undefined> {
    await this.learnZone();
    return this.#known.zoneName;
  }

  /** A point in time, in seconds since 1970 by the cluster's clock. */
  instant(instant: Instant): number {
    if ('ago' in instant) return this.now - instant.ago;
    if ('at' in instant) return instant.at;
    return whenBegins(instant, this.now, this.#known.zone ?? 0);
  }
}

function recordsOf(got: Got<unknown>): Got<Rec[]> {
  if (!got.ok) return got;
  const recs: Rec[] = [];
  const items: readonly unknown[] = Array.isArray(got.data) ? got.data : [];
  items.forEach((data, index) => {
    if (typeof data === 'object' && data !== null) {
      recs.push({ data: data as Record<string, unknown>, at: `${got.at}/${index}` });
    }
  });
  return { ...got, data: recs };
}

/** The number of rows of "the five newest tasks": with a condition on top, more would have to be read. */
function newestOf(dataset: Dataset, query: Query): number | undefined {
  const first = query.order?.[0];
  const plain = query.where === undefined && query.group === undefined && query.measure === undefined;
  return plain && first?.dir === 'desc' && first.column === dataset.time ? query.limit : undefined;
}

/** Whether a query speaks of days by the calendar. */
export function speaksOfDays(query: Query): boolean {
  const inFilter = (filter: Filter | undefined): boolean => {
    if (filter === undefined) return false;
    if (filter.op === 'and' || filter.op === 'or') return filter.of.some(inFilter);
    if (filter.op === 'not') return inFilter(filter.of);
    if (filter.op === 'has') return inFilter(filter.where);
    return filter.op === 'compare' && typeof filter.value === 'object' && isByCalendar(filter.value);
  };
  const { window } = query;
  const inWindow = window !== undefined && (isByCalendar(window.from) || (window.to && isByCalendar(window.to)));
  return inFilter(query.where) || inFilter(query.measure?.test) || inWindow === true;
}
