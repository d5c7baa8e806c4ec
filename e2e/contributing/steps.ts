/** One thing that the guide says to do: write a file, add lines to one, or run a command. */
export type Step =
  | { do: 'write'; path: string; text: string }
  | { do: 'edit'; path: string; text: string }
  | { do: 'run'; command: string; exit: number };

/** The steps of a part of a markdown text, in order: its code blocks, each as its first line says. */
export function stepsOf(markdown: string, heading: string): Step[] {
  // A heading, or a whole code block: what looks like a heading in a block is none.
  const parts = [...markdown.matchAll(/^## (.+)$|^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)];
  const from = parts.findIndex(([, title]) => title?.startsWith(heading));
  if (from < 0) throw new Error(`there is no heading "${heading}"`);
  const end = parts.findIndex(([, title], index) => index > from && title !== undefined);
  return parts.slice(from + 1, end < 0 ? undefined : end).flatMap(([, , language, path = '', text = '']): Step[] => {
    if (language === 'sh') return text.trimEnd().split('\n').map(commandOf);
    return [{ do: language === 'diff' ? 'edit' : 'write', path, text }];
  });
}

/** A command may say how it ends, where that is not well: `… # exit 1`. */
function commandOf(line: string): Step {
  const [command = '', exit = '0'] = line.split(/\s+# exit /);
  return { do: 'run', command, exit: Number(exit) };
}

/**
 * A text with the lines that a diff adds. Lines that begin with a blank only say where: each is looked for after the one
 * before it.
 */
export function edited(text: string, diff: string): string {
  const lines = text.split('\n');
  let at = 0;
  for (const line of diff.trimEnd().split('\n')) {
    if (line.startsWith('+')) {
      lines.splice(at, 0, line.slice(1));
    } else {
      const found = lines.indexOf(line.slice(1), at);
      if (found < 0) throw new Error(`there is no line "${line.slice(1)}"`);
      at = found;
    }
    at += 1;
  }
  return lines.join('\n');
}
