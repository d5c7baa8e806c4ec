import { type CommandPart, type Meaning, queryText } from '@pxa/contract';
import type { Query } from '@pxa/contract';

/** A command as one line: `guest.shutdown qemu/104 timeout=300`. */
function lineOf({ action, targets, selection, input }: CommandPart): string {
  const given = Object.entries(input).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  // Commands carry the selections that the language makes.
  const chosen = selection === undefined ? [] : [`{${queryText(selection as Query)}}`];
  return [action, ...targets, ...chosen, ...given].join(' ');
}

/** What words mean, in one line: a command; or the kind of meaning, with what is asked back. */
export function meaningLine(meaning: Meaning): string {
  if (meaning.kind === 'command') return [meaning.command, ...(meaning.command.later ?? [])].map(lineOf).join('; ');
  if (meaning.kind !== 'clarification') return meaning.kind;
  const { question, options } = meaning.clarification;
  return `? ${question}${options.length === 0 ? '' : ` [${options.map(({ say }) => say).join(' | ')}]`}`;
}
