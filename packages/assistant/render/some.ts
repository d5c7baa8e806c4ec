import { displayWidth } from './width.ts';
import { shorten } from './text.ts';

/** The first `most` lines, and how many more there are. */
export function firstLines(lines: readonly string[], most: number): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most), `  … and ${lines.length - most} more (--json has them all)`];
}

/** What many things are to be done, in `width` columns: the first of them, and how many more. */
export function shortSays(says: string, width: number): string {
  if (displayWidth(says) <= width) return says;
  const parts = says.split('; ');
  const more = parts.length > 1 ? `; and ${parts.length - 1} more` : '';
  return `${shorten(parts[0] ?? '', Math.max(10, width - more.length))}${more}`;
}
