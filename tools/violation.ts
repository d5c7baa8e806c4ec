/** One breach of a rule: where it is (`line` counts from 1), and what is wrong with what to do instead. */
export interface Violation {
  path: string;
  line: number;
  says: string;
}

/** Prints breaches as `path:line  what`, sorted, and sets the exit code: 1 if there are any. */
export function report(violations: readonly Violation[]): void {
  const lines = violations.map((one) => `${one.path}:${one.line}  ${one.says}`);
  for (const line of lines.sort()) console.log(line);
  if (lines.length > 0) process.exitCode = 1;
}

/** The line, counted from 1, on which a character of a text stands. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
