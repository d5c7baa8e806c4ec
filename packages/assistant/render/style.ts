/** How pieces of text are coloured; every function returns its text with the same display width. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
}

/** What an answer is drawn for. */
export interface Style {
  /** Columns of the terminal; undefined where nothing has to fit. */
  width: number | undefined;
  paint: Paint;
  /** Whether each figure is followed by the call that it was read from. */
  explain: boolean;
  /** Whether shares are drawn as bars beside their number. */
  bars: boolean;
  /** IANA name of the zone that times are shown in: the server's. */
  timeZone: string;
}

const same = (text: string): string => text;

export const noPaint: Paint = { bold: same, dim: same, red: same, yellow: same, green: same, cyan: same };

const sgr =
  (on: number, off: number) =>
  (text: string): string =>
    text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;

/** The sixteen basic colours, which follow the person's own terminal theme. */
export const ansiPaint: Paint = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  yellow: sgr(33, 39),
  green: sgr(32, 39),
  cyan: sgr(36, 39),
};

/** What `answer.text` holds: no colours, no bars, nothing cut. */
export const plainStyle: Style = { width: undefined, paint: noPaint, explain: false, bars: false, timeZone: 'UTC' };
