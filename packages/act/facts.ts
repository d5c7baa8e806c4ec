import type { Fact, ReadOf } from '@pxa/contract';
import { type Read, type Reader, asObject, asRows, asText } from '@pxa/pve/reader';
import { asNumber } from '@pxa/pve/values';
import { canonical } from './hash.ts';
import { fits, valueInWords, wantedInWords } from './same-value.ts';

/** A fact that does not hold, and what was found instead, in words. */
export interface Differs {
  readonly fact: Fact;
  readonly found: string;
}

/** A fact of which it could not be read whether it holds, and why. */
export interface Unreadable {
  readonly fact: Fact;
  readonly why: string;
}

/** Whether all of some facts hold. One that differs decides, whatever could not be read; what is unreadable never does. */
export type Facts =
  | { readonly holds: true }
  | { readonly holds: false; readonly differs: readonly Differs[] }
  | { readonly holds: 'unknown'; readonly unknown: readonly Unreadable[] };

/** What one read found of one fact. */
type Verdict = 'holds' | { found: string } | { why: string };

/**
 * Reads what facts are about, each read once and side by side, at most `atOnce` at a time, and holds them against it.
 * A thing that is not there makes facts of it absent; a node out of reach or a privilege withheld never does.
 */
export async function checkFacts(
  reader: Reader,
  facts: readonly Fact[],
  { atOnce = 8 }: { atOnce?: number } = {},
): Promise<Facts> {
  const groups = [...Map.groupBy(facts, ({ read }) => canonical(read)).values()];
  const verdicts = await bounded(groups, atOnce, async (group) => {
    const read = await readOf(reader, group[0]?.read);
    return Promise.all(group.map(async (fact) => ({ fact, verdict: await confirmed(reader, read, fact) })));
  });
  return together(verdicts.flat());
}

function together(all: readonly { fact: Fact; verdict: Verdict }[]): Facts {
  const differs: Differs[] = [];
  const unknown: Unreadable[] = [];
  for (const { fact, verdict } of all) {
    if (verdict === 'holds') continue;
    if ('found' in verdict) differs.push({ fact, found: verdict.found });
    else unknown.push({ fact, why: verdict.why });
  }
  if (differs.length > 0) return { holds: false, differs };
  return unknown.length > 0 ? { holds: 'unknown', unknown } : { holds: true };
}

function readOf(reader: Reader, of: ReadOf | undefined): Promise<Read<unknown>> {
  // Groups are never empty.
  const { path, params } = of as ReadOf;
  return reader.getRaw(path, params);
}

function judge(read: Read<unknown>, fact: Fact): Verdict {
  if (!read.ok) {
    const { kind, message } = read.problem;
    // A node whose name cannot be looked up may be gone from the cluster or from its DNS: that says nothing of a guest.
    const isGone = kind === 'not_found' && !/hostname lookup/.test(message);
    if (!isGone) return { why: `${message} ${read.problem.next_step}` };
    const verdict = verdictOn(undefined, fact);
    return verdict === 'holds' ? verdict : { found: 'gone' };
  }
  return verdictOn(valueAt(fact.beside === true ? read.extra : read.data, fact.at), fact);
}

function verdictOn(value: unknown, fact: Fact): Verdict {
  if (fits(value, fact)) return 'holds';
  // pvestatd of a node that is away reports nothing, and lists then call its guests unknown.
  if (fact.at.at(-1) === 'status' && value === 'unknown') return { why: 'Its node does not report at the moment.' };
  return { found: valueInWords(value) };
}

/**
 * What stands at a place of an answer: keys lead into objects, `[name=value]` picks the element of an array, and several
 * of these in a row the first that they all fit.
 */
export function valueAt(data: unknown, at: readonly string[]): unknown {
  let value = data;
  for (let index = 0; index < at.length;) {
    const picks = picksFrom(at, index);
    const key = at[index] ?? '';
    if (picks.length > 0) value = asRows(value).find(({ row }) => picks.every((pick) => isPicked(row, pick)))?.row;
    else value = Array.isArray(value) ? value[Number(key)] : own(asObject(value), key);
    if (value === undefined) return undefined;
    index += Math.max(1, picks.length);
  }
  return value;
}

/** One condition on an element of an array. */
interface Pick {
  readonly name: string;
  readonly by: '=' | '>';
  readonly value: string;
}

/** The conditions that follow each other from a place on. */
function picksFrom(at: readonly string[], from: number): Pick[] {
  const picks: Pick[] = [];
  for (const key of at.slice(from)) {
    const [, name, by, value] = /^\[([^=>]+)([=>])(.*)\]$/s.exec(key) ?? [];
    if (name === undefined || value === undefined) break;
    picks.push({ name, by: by === '>' ? '>' : '=', value });
  }
  return picks;
}

function isPicked(row: Readonly<Record<string, unknown>>, { name, by, value }: Pick): boolean {
  const found = own(row, name);
  if (by === '=') return asText(found) === value;
  const number = asNumber(found);
  return number !== null && number > Number(value);
}

const own = (object: Record<string, unknown> | null, key: string): unknown =>
  object !== null && Object.hasOwn(object, key) ? object[key] : undefined;

/**
 * A list leaves out guests that this user may not see, so that one missing from it may well be there. Whether its id is
 * taken, Proxmox tells everybody (pve-manager API2/Cluster.pm, nextid).
 */
async function confirmed(reader: Reader, read: Read<unknown>, fact: Fact): Promise<Verdict> {
  const verdict = judge(read, fact);
  const [row = ''] = fact.at;
  const vmid = /^\[vmid=(\d+)\]$/.exec(row)?.[1];
  const isInList = !read.ok || valueAt(read.data, [row]) !== undefined;
  if (fact.read.path !== '/cluster/resources' || vmid === undefined || isInList) return verdict;
  const free = await reader.get('/cluster/nextid', { vmid: Number(vmid) });
  if (free.ok) return verdict;
  const { errors = {}, message } = free.problem;
  const isTaken = /already exists/.test(Object.values(errors).join(' ') + message);
  return { why: isTaken ? `Guest ${vmid} exists, but may not be seen.` : message };
}

/** `work` for each item, at most `limit` at a time; results in the order of the items. */
async function bounded<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const runner = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, runner));
  return results;
}

/** What differs from what is expected: `status of VM 104 is running, and should be stopped`. */
export function differsInWords({ fact, found }: Differs): string {
  return `${fact.about} is ${found}, and should be ${wantedInWords(fact)}`;
}

/** What differs from what a plan was made on: `cores of VM 104 is 4, and was 2 when it was planned`. */
export function changedInWords({ fact, found }: Differs): string {
  return `${fact.about} is ${found}, and was ${wantedInWords(fact)} when it was planned`;
}

export const unreadableInWords = ({ fact, why }: Unreadable): string => `${fact.about} could not be read: ${why}`;
