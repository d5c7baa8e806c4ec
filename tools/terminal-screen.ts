/** How a character looks: its colour by the terminal's number (0–15), and whether it is bold or dim. */
export interface Look {
  colour?: number;
  bold?: boolean;
  dim?: boolean;
}

/** One place of the screen. */
export interface Place extends Look {
  character: string;
}

const escape = /\u001b\[([?\d;]*)([A-Za-z])|\u001b\][^\u0007]*\u0007|\u001b[=>()][0-9A-B]?/y;

/**
 * What a terminal of so many columns shows after a program has printed this: lines of places, without a height to
 * scroll off. It knows the few sequences that the command line uses: colours, erasing in a line, moving up and down,
 * going back to its beginning.
 */
export function screenOf(printed: string, columns: number): Place[][] {
  const lines: Place[][] = [[]];
  let row = 0;
  let column = 0;
  let look: Look = {};
  for (let at = 0; at < printed.length;) {
    escape.lastIndex = at;
    const sequence = escape.exec(printed);
    if (sequence !== null) {
      at += sequence[0].length;
      const [, parameters = '', final] = sequence;
      const count = Number(parameters) || 1;
      if (final === 'm') look = lookAfter(look, parameters);
      else if (final === 'K') erase(lines[row] ?? [], column, parameters);
      else if (final === 'A') row = Math.max(0, row - count);
      else if (final === 'B') row += count;
      else if (final === 'G') column = count - 1;
      continue;
    }
    const character = String.fromCodePoint(printed.codePointAt(at) ?? 0);
    at += character.length;
    if (character === '\n') {
      row += 1;
      column = 0;
    } else if (character === '\r') column = 0;
    else {
      if (column === columns) {
        row += 1;
        column = 0;
      }
      while (lines.length <= row) lines.push([]);
      put(lines[row] ?? [], column, { character, ...look });
      column += 1;
    }
  }
  return lines;
}

function put(line: Place[], column: number, place: Place): void {
  while (line.length < column) line.push({ character: ' ' });
  line[column] = place;
}

function erase(line: Place[], column: number, how: string): void {
  if (how === '2') line.length = 0;
  else if (how === '' || how === '0') line.length = Math.min(line.length, column);
}

function lookAfter(before: Look, parameters: string): Look {
  let look = { ...before };
  for (const code of parameters.split(';').map(Number)) {
    if (code === 0) look = {};
    else if (code === 1) look.bold = true;
    else if (code === 2) look.dim = true;
    else if (code === 22) look = look.colour === undefined ? {} : { colour: look.colour };
    else if (code >= 30 && code <= 37) look.colour = code - 30;
    else if (code >= 90 && code <= 97) look.colour = code - 82;
    else if (code === 39) delete look.colour;
  }
  return look;
}
