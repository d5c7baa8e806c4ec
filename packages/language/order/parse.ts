import type { Conversation } from '../said-before.ts';
import type { Sentence } from '../sentence.ts';
import type { Compiled } from './compiled.ts';
import type { Machine } from './machine.ts';
import type { Problem } from './problem.ts';
import { OrderReader } from './reader.ts';
import type { Targets } from './acted-on.ts';
import { type Filled, fillingsOf, type Path, scoreOf, unknownOf, walk } from './walk.ts';

/** An order as words were read: what is to be done, to what, with what, and what was not understood. */
export interface Parse {
  readonly compiled: Compiled;
  /** Where its own words begin. */
  readonly at: number;
  readonly targets: Targets | undefined;
  readonly input: Readonly<Record<string, unknown>>;
  /** The places of the words that were not understood. */
  readonly unknown: readonly number[];
  readonly problems: readonly Problem[];
  /** Where several words were taken for a text, a list of words or names, or a selection: nearly any would be. */
  readonly loose: readonly { readonly input: string | undefined; readonly start: number; readonly end: number }[];
  readonly score: number;
  readonly literal: number;
}

/**
 * The best reading of the words from a place on as an order for an action; inputs may stand before it, from `front` on.
 * Where it `skips`, words may be passed over that are not understood.
 */
export function parseOrder(
  s: Sentence,
  reader: OrderReader,
  { at, front, skips }: { at: number; front: number; skips: boolean },
): Parse | undefined {
  const { compiled } = reader;
  const head = skips ? { ...compiled.head, skips } : compiled.head;
  const before = front === at ? [undefined] : frontInputs(s, reader, front, at);
  const ended = before.flatMap((path) =>
    walk(s, head, at, reader, path?.filled).filter((each) => each.at === s.tokens.length),
  );
  return best(compiled, at, ended);
}

/** A machine for inputs alone. */
const inputsAlone: Machine = {
  edges: [[{ k: 'inputs', to: 1 }], [{ k: 'inputs', to: 1 }]],
  final: 1,
  whole: false,
  skips: false,
};

/** Inputs that stand before an order: "on pve2, create …". */
function frontInputs(s: Sentence, reader: OrderReader, from: number, to: number): Path[] {
  const end = s.word(to - 1) === ',' ? to - 1 : to;
  return walk(s, inputsAlone, from, reader, undefined)
    .filter(({ at }) => at === end || at === to)
    .slice(0, 2);
}

/** The words from a place to the end as inputs of an action, and nothing else; undefined where they are not. */
export function parseInputs(
  s: Sentence,
  compiled: Compiled,
  from: number,
  to: number,
  conversation: Conversation,
): Parse | undefined {
  const part = s.part(0, to);
  const reader = new OrderReader(part, compiled, conversation, undefined);
  return best(
    compiled,
    from,
    walk(part, inputsAlone, from, reader, undefined).filter(({ at }) => at === to),
  );
}

function best(compiled: Compiled, at: number, paths: readonly Path[]): Parse | undefined {
  let least: Path | undefined;
  for (const path of paths) if (least === undefined || scoreOf(path) < scoreOf(least)) least = path;
  return least === undefined ? undefined : parseOf(compiled, at, least);
}

function parseOf(compiled: Compiled, at: number, path: Path): Parse {
  const filled = fillingsOf(path);
  const on = filled.findLast(({ input }) => input === undefined);
  return {
    compiled,
    at,
    // What was filled in where nothing is acted on is an input.
    targets: on?.value as Targets | undefined,
    input: Object.fromEntries(
      filled.flatMap(({ input, value }) => (input === undefined || value === undefined ? [] : [[input, value]])),
    ),
    unknown: unknownOf(path),
    problems: problemsOf(filled),
    loose: filled.flatMap(({ input, start, end }) => {
      const kind = input === undefined ? undefined : compiled.action.input[input]?.kind;
      // What is acted on may be a list of names, or a selection; a guest may be called "stop".
      const isLoose = end - start > 1 && (input === undefined || kind === 'text' || kind === 'words');
      return isLoose ? [{ input, start, end }] : [];
    }),
    score: scoreOf(path),
    literal: path.literal,
  };
}

function problemsOf(filled: readonly Filled[]): Problem[] {
  return filled.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
}
