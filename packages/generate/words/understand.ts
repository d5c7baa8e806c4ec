import { ACCESS } from './access.ts';
import { NETWORK } from './network.ts';
import { type Phrase, phrasesOf } from './phrases.ts';
import { DOMAINS, PURPOSE } from './purpose.ts';
import type { Recogniser, Said } from './recogniser.ts';
import { SIZES } from './sizes.ts';
import { SOFTWARE_WORDS } from './software-words.ts';
import { SYSTEM_WORDS } from './systems.ts';
import { emptyWish, type Wish, type Wished } from './wish.ts';

/** A space stands for any white space, and one that may be left out for none as well. */
const spaced = (pattern: string): string => pattern.replaceAll(' ?', '\\s*').replaceAll(' ', '\\s+');

const by = (recogniser: Recogniser): { recogniser: Recogniser; pattern: RegExp } => ({
  recogniser,
  pattern: new RegExp(`(?<![\\w./-])(?:${spaced(recogniser.say)})(?![\\w/-]|\\.\\w)`, 'giu'),
});

/** What is surest first: keys before words, what has a unit before what has none. */
const RECOGNISERS = [
  ...ACCESS,
  ...NETWORK,
  ...SIZES.slice(0, -2),
  ...SYSTEM_WORDS,
  ...PURPOSE,
  ...SOFTWARE_WORDS,
  ...DOMAINS,
  ...SIZES.slice(-2),
].map(by);

/** Words that change nothing. */
const IDLE = new Set(
  'please can could would you i we me us my our need want like get give create make build deploy provision set up setup launch spin generate write configure configuration add have has having be is are it its they them that which who this these the a an and or with for of on in at to from by as into using use via plus also then each all both every per new fresh simple basic standard small linux box sudo identical minimal good some any terraform ansible cloud-init cloudinit code playbook module manifest script infrastructure proxmox pve ve cluster virtual running runs run hosting host server servers vm vms machine machines installed install enabled enable including include behind access accessible reachable should must will so too total automatically automatic available rules rule proper listening ready based type default web site website app application service'.split(
    ' ',
  ),
);

/**
 * What words ask to be built. Each stretch of them is understood once, by the first that knows it; what nothing knew is
 * listed. The words are text alone: none of it becomes code but through the specification.
 */
export function understand(prompt: string): Wished {
  const text = prompt.toWellFormed().normalize('NFC');
  const all: Wished = { guests: [], compliance: new Set(), assumptions: [], notUnderstood: [] };
  const { left, claims } = claimed(text);
  const phrases = phrasesOf(left);
  const wishes = phrases.length === 0 ? [emptyWish()] : phrases.map(wishOf);
  all.guests.push(...wishes);
  for (const { at, recogniser, said } of claims.toSorted((a, b) => a.at - b.at)) {
    for (const wish of meant(wishes, phrases, at)) recogniser.means(wish, said, all);
  }
  const unnamed = phrases.flatMap(({ named }) => named).reduce((rest, [start, end]) => blank(rest, start, end), left);
  all.notUnderstood.push(...leftOver(unnamed, text));
  if (phrases.length === 0) all.assumptions.push('The words name no machine: one VM is meant.');
  return { ...all, assumptions: [...new Set(all.assumptions)], notUnderstood: [...new Set(all.notUnderstood)] };
}

interface Claim {
  readonly at: number;
  readonly recogniser: Recogniser;
  readonly said: Said;
}

function claimed(text: string): { left: string; claims: Claim[] } {
  let left = text;
  const claims: Claim[] = [];
  for (const { recogniser, pattern } of RECOGNISERS) {
    for (const match of left.matchAll(pattern)) {
      if (match[0].includes('•') || match[0] === '') continue;
      claims.push({ at: match.index, recogniser, said: saidOf(match) });
      left = blank(left, match.index, match.index + match[0].length);
    }
  }
  return { left, claims };
}

const blank = (text: string, start: number, end: number): string =>
  text.slice(0, start) + '•'.repeat(end - start) + text.slice(end);

function saidOf(match: RegExpMatchArray): Said {
  const exact = (name: string): string => match.groups?.[name] ?? '';
  const part = (name: string): string => exact(name).toLowerCase().replaceAll(/\s+/g, ' ');
  return { text: match[0].trim(), exact, part, number: (name) => Number(part(name)) };
}

function wishOf({ count, isContainer, role, runs }: Phrase): Wish {
  return { ...emptyWish(), count, role, runs: new Set(runs), kind: isContainer ? 'container' : undefined };
}

/** The guest in whose stretch something was said; all of them for what stands before the first. */
function meant(wishes: readonly Wish[], phrases: readonly Phrase[], at: number): readonly Wish[] {
  const index = phrases.findLastIndex(({ start }) => start <= at);
  const wish = wishes[index];
  return wish === undefined ? wishes : [wish];
}

/** What is left of the words, in stretches, without those that change nothing. */
function leftOver(left: string, text: string): string[] {
  const found: string[] = [];
  let from = -1;
  let to = -1;
  const flush = (): void => {
    if (from >= 0) found.push(text.slice(from, to));
    from = -1;
  };
  for (const match of left.matchAll(/•+|[^\s•,.;:!?()"“”]+|[.;:!?()]/gu)) {
    const word = match[0];
    const isIdle = /^[^\p{L}\p{N}]+$/u.test(word) || IDLE.has(word.toLowerCase());
    if (isIdle) flush();
    else {
      if (from < 0) from = match.index;
      to = match.index + word.length;
    }
  }
  flush();
  return found;
}
