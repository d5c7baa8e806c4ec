const MOST = 5;

/** Texts as one, the first few of many. */
export function some(texts: readonly string[]): string {
  const rest = texts.length - MOST;
  return texts.slice(0, MOST).join('; ') + (rest > 0 ? `; and ${rest} more` : '');
}

/** `5 minutes`, as roughly as a person says it. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return counted(seconds, 'second');
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? counted(minutes, 'minute') : counted(Math.round(minutes / 60), 'hour');
}

/** `1 step`, `3 steps`. */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
