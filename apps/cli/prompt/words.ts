import type { Names } from '@pxa/assistant';
import type { JobWish } from '../commands/jobs.ts';
import { completePath } from '../completion/api-paths.ts';

/** What the prompt itself understands; everything else is a request. */
export const PROMPT_COMMANDS = [
  'help',
  'explain',
  'json',
  'approve',
  'cancel',
  'approvals',
  'jobs',
  'job',
  'undo',
  'exit',
  'quit',
] as const;

/** A line that is the prompt's own: a command, and for those about plans and jobs the id that was named. */
export type PromptCommand = { do: 'help' | 'explain' | 'json' | 'exit' } | ChangeCommand;

/** What is said of plans and jobs. */
export type ChangeCommand =
  | { do: 'approvals' | 'jobs' }
  | { do: 'approve' | 'cancel' | 'undo'; id?: string }
  | { do: 'job'; id: string; wish: JobWish };

/** The prompt's own command that a line is, if it is one. */
export function promptCommand(line: string): PromptCommand | undefined {
  const said = line
    .trim()
    .replace(/^[/:]/, '')
    .replace(/\?$/, '')
    .trim()
    .replace(/^pxa\s+/, '');
  const [word = '', ...rest] = said.split(/\s+/);
  const name = word.toLowerCase();
  switch (name) {
    case 'quit':
      return rest.length === 0 ? { do: 'exit' } : undefined;
    case 'help':
    case 'explain':
    case 'json':
    case 'exit':
    case 'approvals':
    case 'jobs':
      return rest.length === 0 ? { do: name } : undefined;
    case 'approve':
    case 'cancel':
      return withId(name, rest, /^(?:plan|approval)_\w+$/);
    case 'undo':
      return withId(name, rest, /^job_\w+$/);
    case 'job':
      return jobCommand(rest);
    default:
      return undefined;
  }
}

function withId(name: 'approve' | 'cancel' | 'undo', rest: string[], form: RegExp): PromptCommand | undefined {
  const [id, ...more] = rest;
  if (id === undefined) return { do: name };
  return more.length === 0 && form.test(id) ? { do: name, id } : undefined;
}

function jobCommand([id = '', option, ...more]: string[]): PromptCommand | undefined {
  if (!/^job_\w+$/.test(id) || more.length > 0) return undefined;
  if (option === undefined) return { do: 'job', id, wish: 'show' };
  const wish = (['follow', 'cancel', 'events'] as const).find((each) => option === `--${each}`);
  return wish === undefined ? undefined : { do: 'job', id, wish };
}

/** Words that people agree with, and the words that stand around them. None of them is an approval. */
const AGREES =
  /^(?:yes|y|yep|yeah|yup|ok|okay|sure|fine|go|confirm|confirmed|proceed|approve|approved|run|execute|apply|carry|do|lgtm|ja|oui|si)$/;
const AROUND = /^(?:ahead|it|that|this|please|the|plan|now|just|out|so|make|i|with|then|all|right|good)$/;
const mostWords = 8;

/** Whether a line that follows a plan says yes to it, in words that are no approval. */
export function saysYes(line: string): boolean {
  const words = line
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  if (words.length === 0 || words.length > mostWords) return false;
  return words.some((word) => AGREES.test(word)) && words.every((word) => AGREES.test(word) || AROUND.test(word));
}

/** Whether a line that follows a plan says no to it. */
export function saysNo(line: string): boolean {
  return /^\s*(?:no|n|nope|nah|abort|drop it|never ?mind|forget it|not now|don['’]?t(?: do (?:it|that))?|do not do (?:it|that))[\s,.!]*(?:thanks|thank you|please)?[.!\s]*$/i.test(
    line,
  );
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
