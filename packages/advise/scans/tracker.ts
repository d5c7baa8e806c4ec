import { type Grade, GRADES } from './rule.ts';

/** How grave vulnerabilities are, by their CVE ids. */
export type Ratings = ReadonlyMap<string, Grade>;

/** Debian's urgencies; a trailing `**` says that Debian gave it automatically. */
const URGENCIES: Readonly<Record<string, Grade>> = { high: 'high', medium: 'medium', low: 'low', unimportant: 'low' };

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The ratings in a copy of the Debian security tracker (`https://security-tracker.debian.org/tracker/data/json`): packages,
 * their vulnerabilities, and an urgency for each release. The gravest holds; what Debian has not rated is not in it.
 * @throws RangeError where it is no such thing
 */
export function ratingsOf(data: unknown): Ratings {
  if (!isJson(data)) throw new RangeError('a copy of the Debian security tracker is one JSON object, of packages');
  const ratings = new Map<string, Grade>();
  for (const vulnerabilities of Object.values(data)) {
    if (!isJson(vulnerabilities)) continue;
    for (const [id, vulnerability] of Object.entries(vulnerabilities)) {
      const grade = gravest([...urgenciesOf(vulnerability), ...(ratings.has(id) ? [ratings.get(id)] : [])]);
      if (grade !== undefined) ratings.set(id, grade);
    }
  }
  return ratings;
}

function urgenciesOf(vulnerability: unknown): (Grade | undefined)[] {
  const releases = isJson(vulnerability) ? vulnerability['releases'] : undefined;
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
