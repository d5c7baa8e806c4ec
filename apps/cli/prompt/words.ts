import type { Names } from '@pxa/assistant';
import { completePath } from '../completion/api-paths.ts';

/** What the prompt itself understands; everything else is a request. */
export const PROMPT_COMMANDS = ['help', 'explain', 'json', 'approve', 'cancel', 'exit', 'quit'] as const;
export type PromptCommand = (typeof PROMPT_COMMANDS)[number];

/** The prompt's own command that a line is, if it is one. */
export function promptCommand(line: string): PromptCommand | undefined {
  const word = line.trim().toLowerCase().replace(/^[/:]/, '').replace(/\?$/, '');
  return PROMPT_COMMANDS.find((command) => command === word);
}

/** All names of a cluster in one list, without doubles. */
export function allNames(names: Names): string[] {
  const guests = names.guests.flatMap(({ id, name }) => [name, id.split('/')[1] ?? '']);
  return [...new Set([...guests, ...names.nodes, ...names.storages, ...names.pools, ...names.tags])].filter(
    (name) => name !== '',
  );
}

/** What the last word of a line can become: a name of the cluster, a path after `get`, or, as the first word, a beginning. */
export function completeLine(
  line: string,
  names: string[],
  starters: string[],
  routes: readonly string[],
): [string[], string] {
  const at = line.lastIndexOf(' ') + 1;
  const word = line.slice(at);
  if (/^\s*get\s+\S*$/.test(line)) return [completePath(routes, word === '' ? '/' : word), word];
  const begins = (candidates: readonly string[]): string[] =>
    candidates.filter((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase()));
  if (at === 0) return [[...new Set(begins([...starters, ...PROMPT_COMMANDS, 'get']))].sort(), word];
  return word === '' ? [[], word] : [begins(names).sort(), word];
}
