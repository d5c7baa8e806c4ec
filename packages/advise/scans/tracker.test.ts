import { expect, test } from 'vitest';
import type { Grade } from './rule.ts';
import { isTracker, ratedBy, ratingIn } from './tracker.ts';

const tracker = {
  openssl: {
    'CVE-2025-15467': {
      description: 'worse than \\"CVE-2025-9086\\": { it says }}} "releases"',
      releases: { trixie: { status: 'resolved', urgency: 'high**' }, bookworm: { urgency: 'low' } },
    },
    'CVE-2025-69419': { releases: { trixie: { status: 'resolved', urgency: 'not yet assigned' } } },
  },
  curl: {
    'CVE-2025-9086': { releases: { trixie: { urgency: 'unimportant' } } },
    'CVE-2025-1000': { releases: 7 },
    'CVE-2025-1001': null,
    'CVE-2025-1002': { releases: { trixie: { urgency: 'low' } } },
  },
  libcurl: { 'CVE-2025-1002': { releases: { trixie: { urgency: 'medium' } } } },
};
const IDS = [...Object.keys(tracker.openssl), ...Object.keys(tracker.curl)];

const cases: [grade: Grade, cves: string[], rated: Grade][] = [
  ['unrated', ['CVE-2025-15467', 'CVE-2025-9086'], 'high'],
  ['unrated', ['CVE-2025-9086'], 'low'],
  ['unrated', ['CVE-2025-1002'], 'medium'],
  ['unrated', ['CVE-2025-69419', 'CVE-2025-1000', 'CVE-2025-1001', 'CVE-2025-9'], 'unrated'],
  ['unrated', [], 'unrated'],
  ['medium', ['CVE-2025-15467'], 'medium'],
];
test.each(cases.flatMap((each) => [[0, ...each] as const, [2, ...each] as const]))(
  'indented by %d: %s with %j becomes %s',
  (indent, grade, cves, rated) => {
    const data = Buffer.from(JSON.stringify(tracker, null, indent));
    const found = IDS.flatMap((id): [string, Grade][] => {
      const told = ratingIn(data, id);
      return told === undefined ? [] : [[id, told]];
    });
    expect(ratedBy(new Map(found), grade, cves)).toBe(rated);
  },
);

test.each([
  [' {"a": {}}\n', true],
  ['[]', false],
  ['', false],
  ['{"a": ', false],
])('%j may be a copy of the tracker: %s', (text, expected) => {
  expect(isTracker(Buffer.from(text))).toBe(expected);
});

test('what is cut off rates nothing', () => {
  expect(ratingIn(Buffer.from('{"x": {"CVE-2025-1": {"releases": {"trixie": {"urgency": "high"'), 'CVE-2025-1')).toBe(
    undefined,
  );
});
