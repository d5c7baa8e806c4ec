import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Expect } from './expect.ts';

/** What somebody says, and what a right answer to the last turn holds. */
export interface Sentence {
  readonly id: string;
  readonly family: string;
  readonly turns: readonly string[];
  /** The rule behind the expectation, in words. */
  readonly means?: string;
  readonly expect: Expect;
}

/** The sentences of a file, one JSON object a line. Throws with the place where a line is not one. */
export function readSentences(file: string): Sentence[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parsed(line, `${file}:${index + 1}`)]));
}

/** The sentences of every `*.jsonl` of a folder, in the order of the files' names; none where there is no such folder. */
export function readFolder(folder: string): Sentence[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return files.sort().flatMap((name) => readSentences(join(folder, name)));
}

function parsed(line: string, place: string): Sentence {
  try {
    return JSON.parse(line) as Sentence; // our own files; a missing key shows as a failure of that sentence
  } catch (error) {
    throw new Error(`${place} is not JSON`, { cause: error });
  }
}
