import { type Grade, GRADES } from './rule.ts';

/** How grave vulnerabilities are, by their CVE ids. */
export type Ratings = ReadonlyMap<string, Grade>;

/** Debian's urgencies; a trailing `**` says that Debian gave it automatically. */
const URGENCIES: Readonly<Record<string, Grade>> = { high: 'high', medium: 'medium', low: 'low', unimportant: 'low' };

/** A vulnerability of a package is told in less; what goes on for longer is none. */
const MOST_BYTES = 1024 * 1024;

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether bytes may be a copy of the Debian security tracker: one JSON object. */
export function isTracker(data: Buffer): boolean {
  return (
    data.subarray(0, 1024).toString().trimStart().startsWith('{') &&
    data.subarray(-1024).toString().trimEnd().endsWith('}')
  );
}

/**
 * How grave a vulnerability is by a copy of the Debian security tracker
 * (`https://security-tracker.debian.org/tracker/data/json`): packages, their vulnerabilities, and an urgency for each
 * release. The gravest holds. The copy is some 70 MB, so it is searched for one id instead of being parsed as a whole.
 */
export function ratingIn(data: Buffer, id: string): Grade | undefined {
  const key = `"${id}"`;
  const grades: (Grade | undefined)[] = [];
  for (let at = data.indexOf(key); at >= 0; at = data.indexOf(key, at + key.length)) {
    const told = objectAfter(data, at + key.length);
    if (told !== undefined) grades.push(...urgenciesOf(told));
  }
  return gravest(grades);
}

const [QUOTE, BACKSLASH, OPEN, CLOSE] = [0x22, 0x5c, 0x7b, 0x7d];

/** The object that stands behind a key; undefined where the key was none, but part of a text. */
function objectAfter(data: Buffer, from: number): Json | undefined {
  const begins = /^\s*:\s*(?=\{)/.exec(data.subarray(from, from + 16).toString('latin1'));
  if (begins === null) return undefined;
  const start = from + begins[0].length;
  const end = endOf(data, start);
  if (end === undefined) return undefined;
  try {
    const told: unknown = JSON.parse(data.subarray(start, end).toString());
    return isJson(told) ? told : undefined;
  } catch {
    return undefined;
  }
}

/** Where an object ends that begins at a place: brackets within texts do not count. */
function endOf(data: Buffer, start: number): number | undefined {
  let depth = 0;
  let isText = false;
  for (let at = start; at < Math.min(data.length, start + MOST_BYTES); at++) {
    const byte = data[at];
    if (byte === BACKSLASH) at++;
    else if (byte === QUOTE) isText = !isText;
    else if (!isText && byte === OPEN) depth++;
    else if (!isText && byte === CLOSE && --depth === 0) return at + 1;
  }
  return undefined;
}

function urgenciesOf({ releases }: Json): (Grade | undefined)[] {
  if (!isJson(releases)) return [];
  return Object.values(releases).map((release) =>
    isJson(release) ? URGENCIES[String(release['urgency']).replace(/\**$/, '')] : undefined,
  );
}

const gravest = (grades: readonly (Grade | undefined)[]): Grade | undefined =>
  GRADES.find((grade) => grade !== 'unrated' && grades.includes(grade));

/** How grave a finding with these CVE ids is: as the gravest of them that is rated, or as it was. */
export function ratedBy(ratings: Ratings, grade: Grade, cves: readonly string[]): Grade {
  return grade === 'unrated' ? (gravest(cves.map((id) => ratings.get(id))) ?? 'unrated') : grade;
}
