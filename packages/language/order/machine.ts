import type { Part } from './template.ts';

/** A way on from a state of a machine. */
export type Edge =
  | { readonly k: 'word'; readonly word: string; readonly stem: string; readonly to: number }
  | { readonly k: 'slot'; readonly input: string; readonly to: number }
  | { readonly k: 'on' | 'inputs' | 'skip'; readonly to: number };

/** A template as states and the ways between them; it begins in state 0. */
export interface Machine {
  readonly edges: readonly (readonly Edge[])[];
  readonly final: number;
  /** Whether it is a whole order: then it begins with a verb, which is said as it is. */
  readonly whole: boolean;
  /** Whether words may be passed over that are not understood. */
  readonly skips: boolean;
}

/** The machine of an input's wording, which is a part of an order. */
export function inputMachine(rows: readonly (readonly Part[])[]): Machine {
  const { edges, final } = build(rows);
  return { edges, final, whole: false, skips: false };
}

/** The machine of an order; whatever its template ends with, inputs may follow. */
export function orderMachine(rows: readonly (readonly Part[])[]): Machine {
  const { edges, final } = build(rows);
  edges[final]?.push({ k: 'inputs', to: final });
  return { edges, final, whole: true, skips: false };
}

/**
 * The inputs that lack on the shortest way from a state to the end, where an order breaks off: "rename web-01". Undefined
 * where none lacks, or where there is no such way.
 */
export function lackingFrom({ edges, final }: Machine, state: number): string | undefined {
  const seen = new Set([state]);
  let ways: { at: number; input: string | undefined }[] = [{ at: state, input: undefined }];
  while (ways.length > 0) {
    const ended = ways.find(({ at }) => at === final);
    if (ended) return ended.input;
    ways = ways.flatMap(({ at, input }) =>
      (edges[at] ?? []).flatMap((edge) => {
        if (edge.k === 'on' || edge.k === 'inputs' || seen.has(edge.to)) return [];
        seen.add(edge.to);
        return [{ at: edge.to, input: input ?? (edge.k === 'slot' ? edge.input : undefined) }];
      }),
    );
  }
  return undefined;
}

function build(rows: readonly (readonly Part[])[]): { edges: Edge[][]; final: number } {
  const edges: Edge[][] = [[]];
  const state = (): number => edges.push([]) - 1;
  const link = (from: number, edge: Edge): number => {
    edges[from]?.push(edge);
    return edge.to;
  };
  const either = (from: number, of: readonly (readonly Part[])[]): number => {
    const end = state();
    for (const row of of) link(sequence(from, row), { k: 'skip', to: end });
    return end;
  };
  const sequence = (from: number, row: readonly Part[]): number => {
    let here = from;
    for (const part of row) {
      if (part.t === 'either') here = either(here, part.of);
      else if (part.t === 'word') here = link(here, { k: 'word', word: part.word, stem: part.stem, to: state() });
      else if (part.t === 'slot') here = link(here, { k: 'slot', input: part.input, to: state() });
      else if (part.t === 'on') here = link(here, { k: 'on', to: state() });
      else {
        here = link(here, { k: part.least === 0 ? 'skip' : 'inputs', to: state() });
        link(here, { k: 'inputs', to: here });
      }
    }
    return here;
  };
  const final = either(0, rows);
  return { edges, final };
}
