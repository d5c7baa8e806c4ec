import type { Run } from '@pxa/ask';
import { type GetPath, matchRoute, type ParamsOf } from '@pxa/pve/facts';
import { asRows } from '@pxa/pve/values';

export type Row = Readonly<Record<string, unknown>>;

/** Something that a rehearsal needs and that could not be read, and why. */
export interface Unread {
  readonly what: string;
  readonly why: string;
}

/** What a request reads with: what it has read already is not read again. */
export type Source = Pick<Run, 'read' | 'now'>;

/**
 * The reads for a twin. What could not be read is noted, and has no value. How many are under way at a time is the
 * connection's to bound, so they are simply begun side by side.
 */
export class TwinReads {
  readonly unread: Unread[] = [];
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  /** The cluster's clock in seconds, by the first answer of this request. */
  get now(): number {
    return this.#source.now;
  }

  /** The same for what a rehearsal can do without: undefined where it could not be had, and nothing is noted. */
  async optional<P extends GetPath>(path: P, params: ParamsOf<'GET', P>): Promise<unknown> {
    const got = await this.#source.read(path, params);
    return got.ok ? got.data : undefined;
  }

  /** One GET, with the keys that stand beside its data; both empty where it could not be had. */
  async withBeside<P extends GetPath>(
    path: P,
    params: ParamsOf<'GET', P>,
  ): Promise<{ data: unknown; beside: Readonly<Record<string, unknown>> }> {
    const got = await this.#source.read(path, params);
    if (got.ok) return { data: got.data, beside: got.beside ?? {} };
    this.unread.push({ what: path.replace(/\{(\w+)\}/g, (_, name: string) => text(params, name)), why: got.why });
    return { data: undefined, beside: {} };
  }

  /** One GET; undefined where it could not be had. */
  async get<P extends GetPath>(path: P, params: ParamsOf<'GET', P>): Promise<unknown> {
    const { data } = await this.withBeside(path, params);
    return data;
  }

  /** The same for a list. */
  async list<P extends GetPath>(path: P, params: ParamsOf<'GET', P>): Promise<Row[]> {
    return asRows(await this.get(path, params)).map(({ row }) => row);
  }

  /** The same by a concrete path, as what copies whole areas of a cluster asks. */
  async at(path: string, params: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const match = matchRoute('GET', path);
    if (match === undefined) throw new Error(`there is no route GET ${path}`);
    // The facts matched the path to this route, and took the parameters of the path from it.
    const route = match.id.slice('GET '.length) as GetPath;
    return this.get(route, { ...match.pathParams, ...params } as never);
  }
}

function text(params: object, name: string): string {
  const value: unknown = Object.entries(params).find(([key]) => key === name)?.[1];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : name;
}
