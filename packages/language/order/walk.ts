import type { Sentence } from '../sentence.ts';
import { type Edge, lackingFrom, type Machine } from './machine.ts';
import { type Candidate, lackCost, type Problem, unknownCost } from './problem.ts';
import type { Targets } from './acted-on.ts';
import { fillerAt } from './words.ts';

/** Something that was filled in on the way, and what was filled in before it. */
export interface Filled {
  /** The name of an input; undefined for what is acted on. */
  readonly input: string | undefined;
  readonly value: unknown;
  readonly start: number;
  readonly end: number;
  readonly problem: Problem | undefined;
  readonly before: Filled | undefined;
}

/** A way that a machine went along the words. */
export interface Path {
  readonly state: number;
  readonly at: number;
  readonly cost: number;
  /** How many words were words of the template itself. */
  readonly literal: number;
  readonly filled: Filled | undefined;
  /** The words that were skipped, the last first. */
  readonly unknown: Skipped | undefined;
}

interface Skipped {
  readonly at: number;
  readonly count: number;
  readonly before: Skipped | undefined;
}

/** What may fill the slots of a machine. */
export interface Fillings {
  readonly slot: (input: string, at: number) => readonly Candidate<unknown>[];
  readonly targets: (at: number) => readonly Candidate<Targets>[];
  /** Whole inputs that begin at a place, or after words that join. */
  readonly inputs: (at: number) => readonly InputSaid[];
  /** Whether an input may be said although it was said before, and what both come to. */
  readonly merged: (input: string, before: unknown, value: unknown) => unknown;
}

export interface InputSaid extends Candidate<unknown> {
  readonly input: string;
  readonly start: number;
  readonly literal: number;
}

const mostKept = 4;
const mostUnknown = 8;

/** The likeliest ways of a machine along the words from a place, by where they end: at its final state. */
export function walk(
  s: Sentence,
  machine: Machine,
  from: number,
  fillings: Fillings,
  filled: Filled | undefined,
): Path[] {
  const places: Map<number, Path[]>[] = [];
  const ended: Path[] = [];
  const fresh: Path[] = [];
  let here = from;
  const arrive = (path: Path): void => {
    const states = (places[path.at - from] ??= new Map<number, Path[]>());
    const list = states.get(path.state) ?? [];
    states.set(path.state, list);
    if (keep(list, path) && path.at === here) fresh.push(path);
  };
  arrive({ state: 0, at: from, cost: 0, literal: 0, filled, unknown: undefined });
  for (; here <= s.tokens.length; here++) {
    // Those that came from earlier places; the ones that begin here join them as they arrive.
    if (here > from) fresh.push(...[...(places[here - from]?.values() ?? [])].flat());
    for (let path = fresh.shift(); path !== undefined; path = fresh.shift()) {
      if (path.state === machine.final) ended.push(path);
      else if (here === s.tokens.length) ended.push(...brokenOff(machine, path));
      for (const edge of machine.edges[path.state] ?? []) goOn(s, machine, path, edge, fillings, arrive);
      skipOne(s, machine, path, arrive);
    }
  }
  return ended;
}

/** A way that breaks off before the last input of an order, and after its verb and what it is about. */
function brokenOff(machine: Machine, path: Path): Path[] {
  if (!machine.whole || path.literal === 0 || (path.literal === 1 && path.filled === undefined)) return [];
  const input = lackingFrom(machine, path.state);
  if (input === undefined || saidBefore(path.filled, input) !== undefined) return [];
  const problem: Problem = { p: 'lacks', input };
  const filled: Filled = { input, value: undefined, start: path.at, end: path.at, problem, before: path.filled };
  return [{ ...path, cost: path.cost + lackCost, filled }];
}

function keep(list: Path[], path: Path): boolean {
  const score = scoreOf(path);
  if (list.length >= mostKept && score >= scoreOf(list[list.length - 1] ?? path)) return false;
  const place = list.findIndex((each) => score < scoreOf(each));
  list.splice(place < 0 ? list.length : place, 0, path);
  if (list.length > mostKept) list.pop();
  return true;
}

/** What a way is judged by: the less the better; words of the template speak for it. */
export function scoreOf({ cost, literal }: Path): number {
  return cost - 0.02 * literal;
}

function goOn(
  s: Sentence,
  machine: Machine,
  path: Path,
  edge: Edge,
  fillings: Fillings,
  arrive: (path: Path) => void,
): void {
  const { at, cost, filled } = path;
  switch (edge.k) {
    case 'skip':
      return arrive({ ...path, state: edge.to });
    case 'word': {
      const token = s.tokens[at];
      if (token === undefined || token.quoted) return;
      // A verb is said as it is; what it is about may be said in the plural.
      if (token.word !== edge.word && ((machine.whole && path.literal === 0) || token.stem !== edge.stem)) return;
      return arrive({ ...path, state: edge.to, at: at + 1, literal: path.literal + 1 });
    }
    case 'slot':
      for (const found of fillings.slot(edge.input, at)) {
        const before = saidBefore(filled, edge.input);
        if (before !== undefined) continue;
        const next: Filled = fill(edge.input, found, at, filled);
        const literal = path.literal + (found.literal ?? 0);
        arrive({ ...path, state: edge.to, at: found.end, cost: cost + found.cost, literal, filled: next });
      }
      return;
    case 'on':
      for (const found of fillings.targets(at)) {
        const next: Filled = fill(undefined, found, at, filled);
        arrive({ ...path, state: edge.to, at: found.end, cost: cost + found.cost, filled: next });
      }
      return;
    case 'inputs':
      for (const said of fillings.inputs(at)) {
        const before = saidBefore(filled, said.input);
        const value = before === undefined ? said.value : fillings.merged(said.input, before.value, said.value);
        if (value === undefined) continue;
        const next: Filled = fill(said.input, { ...said, value }, said.start, filled);
        const literal = path.literal + said.literal;
        arrive({ ...path, state: edge.to, at: said.end, cost: cost + said.cost, literal, filled: next });
      }
      return;
    default:
      return edge satisfies never;
  }
}

function fill(
  input: string | undefined,
  { value, end, problem }: Candidate<unknown>,
  start: number,
  before: Filled | undefined,
): Filled {
  return { input, value, start, end, problem, before };
}

/** Words that say nothing are passed over; so are those that are not understood, at a price. */
function skipOne(s: Sentence, machine: Machine, path: Path, arrive: (path: Path) => void): void {
  if (path.at >= s.tokens.length) return;
  const filler = path.state === 0 ? undefined : fillerAt(s, path.at);
  if (filler) arrive({ ...path, at: filler.end, cost: path.cost + filler.cost });
  const count = (path.unknown?.count ?? 0) + 1;
  if (!machine.skips || path.literal === 0 || count > mostUnknown) return;
  const unknown: Skipped = { at: path.at, count, before: path.unknown };
  arrive({ ...path, at: path.at + 1, cost: path.cost + unknownCost, unknown });
}

function saidBefore(filled: Filled | undefined, input: string): Filled | undefined {
  for (let each = filled; each !== undefined; each = each.before) if (each.input === input) return each;
  return undefined;
}

/** Everything that was filled in, in the order of the words; of an input that was said in two parts, what both come to. */
export function fillingsOf({ filled }: Path): Filled[] {
  const all: Filled[] = [];
  for (let each = filled; each !== undefined; each = each.before) all.push(each);
  return all.reverse();
}

/** The places of the words that were not understood. */
export function unknownOf({ unknown }: Path): number[] {
  const all: number[] = [];
  for (let each = unknown; each !== undefined; each = each.before) all.push(each.at);
  return all.reverse();
}
