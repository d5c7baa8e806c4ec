import type { Readable } from 'node:stream';

/** A line of input without its end. One that is longer than allowed comes cut, and says so. */
export interface Line {
  text: string;
  isTooLong: boolean;
}

/** Lines as they arrive; memory stays bounded however long a line is. */
export async function* readLines(input: Readable, longest: number): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let rest = '';
  let isTooLong = false;
  for await (const chunk of input) {
    // A stream in text mode gives strings, any other gives bytes.
    const pieces = (
      rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk as Uint8Array, { stream: true }))
    ).split('\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      yield finish(piece, longest, isTooLong);
      isTooLong = false;
    }
    if (rest.length > longest) {
      rest = rest.slice(0, longest);
      isTooLong = true;
    }
  }
  rest += decoder.decode();
  if (rest !== '' || isTooLong) yield finish(rest, longest, isTooLong);
}

function finish(piece: string, longest: number, wasCut: boolean): Line {
  const text = piece.endsWith('\r') ? piece.slice(0, -1) : piece;
  return { text: text.slice(0, longest), isTooLong: wasCut || text.length > longest };
}

/** All that comes in, at most `longest` characters; undefined where there is more. */
export async function readAll(input: Readable, longest: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of input) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > longest) return undefined;
  }
  return text + decoder.decode();
}
