import type { Got, Piece, Rec } from '@pxa/catalog';
import type { Fact } from '@pxa/contract';
import { fillPath } from '@pxa/pve/facts';
import { asNumber, asText } from '@pxa/pve/values';

/** Parameters of a read, by their names. */
const byName = (params: object): Readonly<Record<string, unknown>> => ({ ...params });

/**
 * What the earlier orders of a request leave, as far as their steps say what must be so after them. The later orders are
 * planned on it: “stop web-01 and delete it” deletes a guest that is stopped by then. The rehearsal of the whole plan
 * shows whether that comes true.
 */
export class Foreseen {
  #facts: readonly Fact[] = [];
  /** Guests that will be on another node, by their number: where they are read now. */
  readonly #moved = new Map<string, { from: string; to: string }>();

  /** Adds what is so after some pieces; `nodeOf` gives the node that a guest is on now. */
  add(pieces: readonly Piece[], nodeOf: (vmid: string) => string | undefined): void {
    const facts = pieces.flatMap(({ steps }) => steps.flatMap(({ expects = [] }) => expects));
    this.#facts = [...this.#facts, ...facts.flatMap((fact) => [fact, ...listedToo(fact)])];
    for (const { read, at, is } of facts) {
      const vmid = pickOf(at[0])?.value;
      const from = vmid === undefined ? undefined : (this.#moved.get(vmid)?.from ?? nodeOf(vmid));
      if (read.path === '/cluster/resources' && at[1] === 'node' && typeof is === 'string' && vmid && from)
        this.#moved.set(vmid, { from, to: is });
    }
  }

  /** The parameters of a read as they hold now: a guest that is to move is still where it was. */
  asNow<P extends object>(params: P): P {
    const { vmid, node } = byName(params);
    const moved = this.#moved.get(String(vmid));
    return moved === undefined || node !== moved.to ? params : { ...params, node: moved.from };
  }

  /** What a read will give by then. */
  async read<T>(path: string, params: object, reading: Promise<Got<T>>): Promise<Got<T>> {
    const facts = this.#about(path, params);
    const got = await reading;
    if (!got.ok || facts.length === 0 || typeof got.data !== 'object' || got.data === null) return got;
    const data = structuredClone(got.data);
    // Facts lead into what Proxmox answers, which is JSON.
    for (const fact of facts) set(data as Record<string, unknown>, fact);
    return { ...got, data };
  }

  /** The rows that a read will give by then. */
  async list(path: string, params: object, reading: Promise<Got<Rec[]>>): Promise<Got<Rec[]>> {
    const facts = this.#about(path, params);
    const got = await reading;
    if (!got.ok || facts.length === 0) return got;
    const rows = facts.reduce<Rec[]>((list, fact) => list.flatMap((row) => changed(row, fact)), got.data);
    return { ...got, data: rows };
  }

  #about(path: string, params: object): readonly Fact[] {
    if (this.#facts.length === 0) return [];
    const concrete = fillPath(path, byName(params), { encode: false });
    return this.#facts.filter(({ read, how }) => read.path === concrete && (how === undefined || how === 'parts'));
  }
}

/** The list of guests tells of their status, too. */
function listedToo({ about, read, at, is }: Fact): Fact[] {
  const vmid = /^\/nodes\/[^/]+\/(?:qemu|lxc)\/(\d+)\/status\/current$/.exec(read.path)?.[1];
  if (vmid === undefined || at.length !== 1 || at[0] !== 'status') return [];
  return [{ about, read: { path: '/cluster/resources', params: {} }, at: [`[vmid=${vmid}]`, 'status'], is }];
}

function pickOf(key = ''): { name: string; value: string } | undefined {
  const [, name, value] = /^\[([^=>]+)=(.*)\]$/s.exec(key) ?? [];
  return name === undefined || value === undefined ? undefined : { name, value };
}

/** A row of a list with what a fact says of it; none where the fact says that it is gone. */
function changed(row: Rec, { at, is }: Fact): Rec[] {
  const pick = pickOf(at[0]);
  const [, key, ...deeper] = at;
  const isIt = pick !== undefined && asText(row.data[pick.name]) === pick.value;
  if (!isIt || deeper.length > 0) return [row];
  if (is === null && (key === undefined || key === pick.name)) return [];
  return key === undefined ? [row] : [{ ...row, data: { ...row.data, [key]: is } }];
}

/** Sets what a fact says at the place that it leads to; places behind conditions are left as they are. */
function set(data: Record<string, unknown>, { at, is }: Fact): void {
  let place: unknown = data;
  for (const key of at.slice(0, -1)) {
    const next: unknown = isOpen(place) ? place[key] : undefined;
    place = next;
  }
  const last = at.at(-1) ?? '';
  if (!isOpen(place) || last.startsWith('[')) return;
  if (is === null) delete place[last];
  else place[last] = typeof place[last] === 'number' ? (asNumber(is) ?? is) : is;
}

function isOpen(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
