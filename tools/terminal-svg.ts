import { screenOf, type Look, type Place } from './terminal-screen.ts';

const cell = { width: 8.4, height: 19, size: 14 } as const;
const margin = { side: 18, top: 44, bottom: 16 } as const;
const ink = '#d7dce2';
const paper = '#14181e';

/** The sixteen colours of a terminal, as they read well on the paper. */
const colours = [
  ['#5c6773', '#e06c75', '#8cc265', '#e5b567', '#61a8ef', '#c678dd', '#4fb8c2', '#d7dce2'],
  ['#7a8593', '#f08088', '#a5d784', '#f2c97d', '#82bdf5', '#d595e8', '#6fd0d9', '#ffffff'],
].flat();

/**
 * A picture of a terminal of so many columns that shows what was printed, as SVG. The same text gives the same picture,
 * to the byte.
 */
export function terminalSvg(printed: string, columns: number, title: string): string {
  const lines = screenOf(printed, columns).map(withoutEnd);
  while (lines.at(-1)?.length === 0) lines.pop();
  const width = Math.ceil(columns * cell.width + 2 * margin.side);
  const height = lines.length * cell.height + margin.top + margin.bottom;
  const texts = lines.flatMap((line, row) => runsOf(line).map((run) => textElement(run, row)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>text{font:${cell.size}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:${ink};white-space:pre}.b{font-weight:700}.d{opacity:.62}</style>`,
    `<rect width="${width}" height="${height}" rx="9" fill="${paper}"/>`,
    ...['#e06c75', '#e5b567', '#8cc265'].map(
      (fill, at) => `<circle cx="${margin.side + 4 + at * 20}" cy="20" r="6" fill="${fill}"/>`,
    ),
    `<text x="${width / 2}" y="24" text-anchor="middle" class="d">${escaped(title)}</text>`,
    ...texts,
    '</svg>',
    '',
  ].join('\n');
}

interface TextRun {
  look: Look;
  column: number;
  text: string;
}

/** Neighbouring places that look the same, as one piece of text; blanks between pieces need none. */
function runsOf(line: readonly Place[]): TextRun[] {
  const runs: TextRun[] = [];
  line.forEach(({ character, ...look }, column) => {
    const last = runs.at(-1);
    if (last !== undefined && sameLook(last.look, look)) last.text += character;
    else runs.push({ look, column, text: character });
  });
  return runs.filter(({ text }) => text.trim() !== '');
}

function sameLook(one: Look, other: Look): boolean {
  return one.colour === other.colour && one.bold === other.bold && one.dim === other.dim;
}

/** Its length is fixed, so that columns stay in line whatever font the reader has. */
function textElement({ look, column, text }: TextRun, row: number): string {
  const x = round(margin.side + column * cell.width);
  const y = margin.top + row * cell.height + cell.size;
  const length = round(Array.from(text).length * cell.width);
  const classes = [look.bold ? 'b' : '', look.dim ? 'd' : ''].filter(Boolean).join(' ');
  const style = look.colour === undefined ? '' : ` style="fill:${colours[look.colour] ?? ink}"`;
  const kind = classes === '' ? '' : ` class="${classes}"`;
  return `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacing"${kind}${style}>${escaped(text)}</text>`;
}

function withoutEnd(line: readonly Place[]): Place[] {
  const last = line.findLastIndex(({ character }) => character !== ' ');
  return line.slice(0, last + 1);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
