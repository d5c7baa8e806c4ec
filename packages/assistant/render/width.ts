// Texts of one column a letter: ASCII, the rest of Latin, Greek, Cyrillic, punctuation, arrows, lines and blocks.
// Nearly every text is one, and its length is its width.
const SIMPLE =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u259f]*$/;

// East Asian Wide and Fullwidth (Unicode TR 11), as far as they are no emoji.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u3247\u3250-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f202}\u{1f210}-\u{1f23b}\u{1f240}-\u{1f248}\u{1f250}-\u{1f251}\u{20000}-\u{3fffd}]/u;
const NOTHING = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11ff\ud7b0-\ud7ff]/u;
const EMOJI = /\p{Emoji_Presentation}/u;
const PICTURE = /\p{Extended_Pictographic}/u;
const REGIONAL = /[\u{1f1e6}-\u{1f1ff}]/u;
const SKIN = /[\u{1f3fb}-\u{1f3ff}]/u;
const JOINER = '\u200d';
const AS_EMOJI = '\ufe0f';

/**
 * How many terminal columns a text takes. Not the package string-width, whose segmenter and tables cost more at the
 * start than the answer to a question; a test holds the two against each other.
 */
export function displayWidth(text: string): number {
  return SIMPLE.test(text) ? text.length : sumWidths([...text]);
}

/** The columns of the widest of some texts; 0 where there is none. */
export function widest(texts: readonly string[]): number {
  let width = 0;
  for (const text of texts) width = Math.max(width, displayWidth(text));
  return width;
}

function sumWidths(points: string[]): number {
  let width = 0;
  let isHalfFlag = false;
  points.forEach((point, at) => {
    const before = points[at - 1];
    if (REGIONAL.test(point)) {
      // Two of them are one flag.
      if (!isHalfFlag) width += 2;
      isHalfFlag = !isHalfFlag;
      return;
    }
    isHalfFlag = false;
    const isJoined = before === JOINER && PICTURE.test(point);
    const isSkin = SKIN.test(point) && before !== undefined && PICTURE.test(before);
    if (!isJoined && !isSkin) width += pointWidth(point, points[at + 1]);
  });
  return width;
}

function pointWidth(point: string, next: string | undefined): number {
  if (NOTHING.test(point)) return 0;
  if (EMOJI.test(point) || WIDE.test(point)) return 2;
  return next === AS_EMOJI && PICTURE.test(point) ? 2 : 1;
}
