import type { Input } from '@pxa/catalog';
import type { OpenOrder } from '@pxa/contract';
import type { Conversation } from '../said-before.ts';
import type { Sentence } from '../sentence.ts';
import type { Compiled } from './compiled.ts';
import type { Orders } from './orders.ts';
import { type Parse, parseInputs } from './parse.ts';
import type { Candidate, Problem } from './problem.ts';
import { changedValue, slotAt } from './slots.ts';
import { nameOf, type Targets } from './acted-on.ts';
import { targetsAt } from './targets.ts';
import { fillerAt } from './words.ts';

/** A sentence that goes on with the order before: another value, the part that was asked for, or the same for another. */
export function followOrder(s: Sentence, conversation: Conversation, orders: Orders): Parse | undefined {
  const { order } = conversation;
  const compiled = order && orders.get(order.action);
  // Of several orders, it would not be clear which one the words go on with.
  if (order === undefined || compiled === undefined || order.later !== undefined) return undefined;
  const end = withoutTail(s);
  return (
    missingPart(s, order, compiled, end) ??
    changedPart(s, order, compiled, end) ??
    anotherTarget(s, order, compiled) ??
    sameForAnother(s, order, compiled, end)
  );
}

const tail = /^(instead|then|rather|please|now|though|too|also|,|thanks|better|pls)$/;

/** Where the words end that say something. */
function withoutTail(s: Sentence): number {
  let end = s.tokens.length;
  while (end > 1 && tail.test(s.word(end - 1))) end--;
  return end;
}

/** The answer to what was asked: "pve-node02", "to pve-node02", "the second one". */
function missingPart(s: Sentence, order: OpenOrder, compiled: Compiled, end: number): Parse | undefined {
  const { missing } = order;
  if (missing === undefined) return undefined;
  const { on, input } = compiled.action;
  if (missing === 'on') {
    if (on === undefined) return undefined;
    const found = wholeOf(s, end, /^(the|of|to|for|on|it|is|i|mean|a)$/, (at) => targetsAt(s, at, on, {}));
    return found && continued(s, order, compiled, { targets: found.value, problem: found.problem });
  }
  const said = parseInputs(s, compiled, 0, end, {});
  if (said !== undefined && missing in said.input) return withInputs(s, order, compiled, said);
  const declared = input[missing];
  const found =
    declared &&
    wholeOf(
      s,
      end,
      /^(to|on|onto|in|into|with|as|at|use|it|is|should|be|called|named|call|make|by|of|the|for|a)$/,
      (at) => slotAt(s, at, declared),
    );
  return found && continued(s, order, compiled, { input: { [missing]: found.value }, problem: found.problem });
}

const leads =
  /^(make|it|that|them|no|but|actually|rather|and|use|give|set|put|change|better|i|want|should|be|have|let|please|instead|sorry|ok|with|do|wait|,|only|just|like|need|would|prefer|maybe|mean|meant|yes|so|try|take|move)$/;

/** "with 4 cores instead", "make it 8 GB", "call it x": an input in the stead of the one before. */
function changedPart(s: Sentence, order: OpenOrder, compiled: Compiled, end: number): Parse | undefined {
  for (let at = 0; at < end; at++) {
    const said = parseInputs(s, compiled, at, end, {});
    if (said !== undefined) return withInputs(s, order, compiled, said);
    if (!leads.test(s.word(at)) && !/^(call|name)$/.test(s.word(at))) break;
  }
  const named = /^(call|name)$/.test(s.word(0)) && /^(it|them|that)$/.test(s.word(1));
  const ofKind = Object.entries(compiled.action.input);
  const bare = ofKind.flatMap(([name, input]) => {
    if (named !== (input.kind === 'name') || isLoose(input)) return [];
    const found = wholeOf(s, end, named ? /^(call|name|it|them|that)$/ : leads, (at) => slotAt(s, at, input));
    return found === undefined || found.problem !== undefined ? [] : [{ name, found }];
  });
  const given = bare.filter(({ name }) => name in order.input);
  const [first, ...others] = given.length > 0 ? given : bare;
  if (first === undefined || s.tokens.length > 8) return undefined;
  if (others.length > 0) {
    const problem: Problem = {
      p: 'either',
      said: s.surface(0, end),
      inputs: [first, ...others].map(({ name }) => name),
    };
    return continued(s, order, compiled, { problem });
  }
  return continued(s, order, compiled, { input: { [first.name]: first.found.value }, problem: undefined });
}

/** Whether nearly any word is a value of it: then a bare one hardly is. */
function isLoose({ kind }: Input): boolean {
  return /^(text|word|words|flag|vmid|guest|guests)$/.test(kind);
}

const corrects = /^(no|sorry|oops|mean|meant|rather|wrong|actually|instead)$/;
const correcting =
  /^(no|sorry|oops|oh|i|we|you|mean|meant|rather|actually|wrong|one|not|but|it|is|was|make|that|use|take|the|,)$/;

/** "no, 153", "I meant web-02", "web-02 instead": the same order for what is named now, in the stead of what was. */
function anotherTarget(s: Sentence, order: OpenOrder, compiled: Compiled): Parse | undefined {
  const { on } = compiled.action;
  if (on === undefined || !s.tokens.some(({ word, quoted }) => !quoted && corrects.test(word))) return undefined;
  const found = wholeOf(s, withoutTail(s), correcting, (at) => targetsAt(s, at, on, {}));
  if (found === undefined || found.value.ids.length + (found.problem === undefined ? 0 : 1) === 0) return undefined;
  return continued(s, order, compiled, { targets: found.value, problem: found.problem });
}

/** "the same for web-02", "web-02 too", "and web-02". */
function sameForAnother(s: Sentence, order: OpenOrder, compiled: Compiled, end: number): Parse | undefined {
  const { on } = compiled.action;
  if (on === undefined) return undefined;
  const isSame = /^(same|likewise|also|and|too)$/;
  const says = [0, 1, 2, 3].some((at) => isSame.test(s.word(at))) || s.word(s.tokens.length - 1) === 'too';
  if (!says) return undefined;
  const words = /^(do|the|same|for|to|with|and|also|likewise|on|now|then|of|please|do|it|again|what|about|how|thing)$/;
  const found = wholeOf(s, end, words, (at) => targetsAt(s, at, on, {}));
  if (found === undefined || found.value.ids.length + (found.problem === undefined ? 0 : 1) === 0) return undefined;
  return continued(s, order, compiled, { targets: found.value, problem: found.problem });
}

/** What begins after words that say nothing and goes on to the end. */
function wholeOf<V>(
  s: Sentence,
  end: number,
  lead: RegExp,
  at: (place: number) => readonly Candidate<V>[],
): Candidate<V> | undefined {
  for (let place = 0; place < end; place++) {
    const found = at(place).find((each) => each.end === end || fillerAt(s, each.end)?.end === end);
    if (found !== undefined && found.end > place) return found;
    if (!lead.test(s.word(place))) return undefined;
  }
  return undefined;
}

function withInputs(s: Sentence, order: OpenOrder, compiled: Compiled, said: Parse): Parse {
  return continued(s, order, compiled, { input: said.input, problem: said.problems[0] });
}

const nothing: Problem = { p: 'nothing' };

interface Said {
  readonly targets?: Targets;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly problem: Problem | undefined;
}

function changedInput(
  s: Sentence,
  order: OpenOrder,
  { action }: Compiled,
  said: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(said).map(([name, value]) => {
      // "every night at 2" says the days, too.
      const isWhole =
        s.tokens.some(({ word }) => /^(every|each|daily|nightly)$/.test(word)) && /^\d/.test(String(value));
      const kind = isWhole ? undefined : action.input[name]?.kind;
      return [name, kind === undefined ? value : changedValue(kind, order.input[name], value)];
    }),
  );
}

/** The order before with what is said now. */
function continued(s: Sentence, order: OpenOrder, compiled: Compiled, said: Said): Parse {
  const before: Targets = {
    ids: order.targets,
    says: order.targets.map((id) => nameOf(s, id)).join(', ') || (order.selection?.title?.toLowerCase() ?? ''),
    ...(order.selection === undefined ? {} : { selection: order.selection }),
  };
  const targets = said.targets ?? before;
  const isEmpty = targets.ids.length === 0 && targets.selection === undefined;
  const lacksTarget = compiled.action.on !== undefined && isEmpty && said.problem === undefined;
  return {
    compiled,
    at: 0,
    targets: compiled.action.on === undefined ? undefined : targets,
    input: { ...order.input, ...changedInput(s, order, compiled, said.input ?? {}) },
    unknown: [],
    problems: [...(said.problem === undefined ? [] : [said.problem]), ...(lacksTarget ? [nothing] : [])],
    loose: [],
    score: 0,
    literal: 0,
  };
}
