import type { Wish, Wished } from './wish.ts';

/** Something that words can say: how it is said, and what it means. */
export interface Recogniser {
  /** Case does not matter, and a space stands for any white space. Named groups are what it says more closely. */
  readonly say: string;
  readonly means: (wish: Wish, said: Said, all: Wished) => void;
}

/** What was found of one recogniser. */
export interface Said {
  readonly text: string;
  /** A named group, in lower case; empty where it was not said. */
  readonly part: (name: string) => string;
  /** A named group as it was written. */
  readonly exact: (name: string) => string;
  readonly number: (name: string) => number;
}

const NUMBERS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
/** A whole number, in digits or words. */
export const NUM = `\\d{1,4}|${NUMBERS.join('|')}|(?:a )?couple of|(?:a )?pair of|a`;
/** An amount with its unit. */
export const SIZE =
  '(?<amount>\\d{1,6}(?:\\.\\d{1,3})?) ?(?<unit>tib|tb|t|gib|gb|gigs?|gigabytes?|g|mib|mb|megabytes?|m)';
/** No name of anything: what comes after it is said of something else. */
export const NO_NAME =
  '(?!(?:and|or|with|for|of|on|in|at|to|from|that|which|is|are|as|by|a|an|the|no|not|without|behind)\\b)';
export const CIDR = '\\d{1,3}(?:\\.\\d{1,3}){3}(?:\\/\\d{1,2})?';

/** What a number in digits or words is; NaN for none. */
export function numberOf(text: string): number {
  if (/^\d/.test(text)) return Number(text);
  if (/^(a )?(couple|pair) of$/.test(text)) return 2;
  if (/^an?$/.test(text)) return 1;
  const at = NUMBERS.indexOf(text);
  return at < 0 ? Number.NaN : at + 1;
}

/** An amount in mebibytes. Sizes are binary, since Proxmox counts so. */
export function megabytes(said: Said): number {
  const amount = Number(said.part('amount'));
  const unit = said.part('unit').charAt(0);
  return Math.round(amount * (unit === 't' ? 1024 ** 2 : unit === 'g' ? 1024 : 1));
}

/** The things of a list: `80, 443 and 8080`. */
export const listed = (text: string): string[] =>
  text
    .split(/\s*(?:,|&|\band\b|\bor\b|\s)\s*/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
