import { NUM, numberOf } from './recogniser.ts';
import { CONTAINERS, MACHINES, ROLES } from './roles.ts';

/** A stretch of the words that speaks of guests: what it calls them, and how many there are. */
export interface Phrase {
  readonly start: number;
  /** The words that stand for the guests themselves. */
  readonly named: (readonly [start: number, end: number])[];
  readonly count: number | undefined;
  isContainer: boolean;
  /** It was called a machine or container, and not only by what it is for. */
  isMachine: boolean;
  readonly role: string | undefined;
  /** Roles that are said to be run on it, as in “with a database”. */
  readonly runs: string[];
}

const plural = (words: string): string => `(?:${words})(?:e?s)?`;
/** Words that end what can stand in front of a noun. */
const STOP =
  'and|with|for|on|of|behind|plus|then|to|from|in|at|that|which|running|runs|run|using|as|is|are|be|has|have|having|create|make|build|deploy|provision|set|up|launch|spin|need|want|give|me|us|generate|add|including|also|or|per|each|all|both|the|a|an|every';
const roleWords = ROLES.map(({ id, words }) => `(?<r_${id.replaceAll('-', '_')}>${words})`).join('|');
const aloneWords = ROLES.filter(({ alone }) => alone === true)
  .map(({ id, words }) => `(?<a_${id.replaceAll('-', '_')}>${words})`)
  .join('|');
const adjectives = `(?:(?!(?:${STOP})\\b)[^\\s,.;:]+ ){0,8}?`;
const head = `(?:(?:${roleWords}) (?:${plural(`${CONTAINERS}|${MACHINES}`)})|(?:${plural(aloneWords)})|${plural(`${CONTAINERS}|${MACHINES}`)})`;
const PHRASE = new RegExp(
  `(?<![\\w.-])(?:(?<count>${NUM}|an|another|the|this|some|several)(?: x)? |(?<times>\\d{1,2})x )?(?<before>${adjectives})(?<head>${head}(?: ${plural(`${CONTAINERS}|${MACHINES}`)})?)(?![\\w-])`.replaceAll(
    ' ',
    '\\s+',
  ),
  'giu',
);
const MACHINE = new RegExp(`\\b${plural(MACHINES)}$`, 'i');
const CONTAINER = new RegExp(`\\b${plural(CONTAINERS)}$`, 'i');
/** After these, a bare “database” is something that the guest runs, and no guest of its own. */
const RUNS = /\b(with|running|runs|including|has|having|hosting|hosts|for)\b(?!.*[.;])/is;

/**
 * The guests that words speak of, in their order. `•` stands in the text for what was understood as something else, so that
 * “4 cores” in front of “VM” is an adjective like any other.
 */
export function phrasesOf(text: string): Phrase[] {
  const phrases: Phrase[] = [];
  let last = 0;
  for (const match of text.matchAll(PHRASE)) {
    const groups = match.groups ?? {};
    const { count = '', times = '', before = '', head: noun = '' } = groups;
    const end = match.index + match[0].length;
    const start = end - noun.length;
    const named: [number, number][] = [
      [match.index, start - before.length],
      [start, end],
    ];
    const role = roleOf(groups);
    const isContainer = CONTAINER.test(noun.trim());
    const isMachine = isContainer || MACHINE.test(noun.trim());
    const previous = phrases.at(-1);
    const between = text.slice(last, match.index);
    const isWhere = isMachine && previous?.isMachine === false && /^[\s•]*(in|inside|on|as|within)\s*$/i.test(between);
    const isOfLast = /^(the|this)$/i.test(count) || isRun({ isMachine, between, after: text.slice(end) });
    if (previous !== undefined && (isWhere || isOfLast)) {
      previous.named.push(...named);
      if (isWhere) Object.assign(previous, { isContainer, isMachine });
      if (role !== undefined && !isMachine) previous.runs.push(role);
      continue;
    }
    last = end;
    phrases.push({
      start: match.index,
      named,
      count: countOf(count.toLowerCase() || times),
      isContainer,
      isMachine,
      role,
      runs: [],
    });
  }
  return phrases;
}

/** Whether “a database” is run by the machine that was spoken of before, rather than a machine of its own. */
function isRun({ isMachine, between, after }: { isMachine: boolean; between: string; after: string }): boolean {
  const isBeside = /\b(behind|beside|alongside|in front of|next to)\s*$/i.test(between);
  return !isMachine && !isBeside && RUNS.test(between) && !/^\s+(with|on|having|that|in|running|of)\b/i.test(after);
}

function countOf(text: string): number | undefined {
  if (/^(an|another|this)$/.test(text)) return 1;
  const number = numberOf(text.replaceAll(/\s+/g, ' '));
  return Number.isNaN(number) ? undefined : number;
}

function roleOf(groups: Readonly<Record<string, string | undefined>>): string | undefined {
  const name = Object.keys(groups).find((key) => /^[ra]_/.test(key) && groups[key] !== undefined);
  return name?.slice(2).replaceAll('_', '-');
}
