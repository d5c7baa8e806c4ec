import { describe, expect, test } from 'vitest';
import { cvesSince } from './changelog.ts';
import { compareVersions } from './debian-version.ts';

describe('versions of Debian packages', () => {
  test.each([
    ['1.0', '1.0', 0],
    ['1.10', '1.9', 1],
    ['1.0~rc1', '1.0', -1],
    ['1.0~rc1', '1.0~~', 1],
    ['1:0.9', '2.0', 1],
    ['3.5.4-1~deb13u2', '3.5.4-1~deb13u1', 1],
    ['3.5.4-1~deb13u2', '3.5.4-1', -1],
    ['8.14.1-2+deb13u2', '8.14.1-2', 1],
    ['2.36-9+deb12u10', '2.36-9+deb12u9', 1],
    ['1.0a', '1.0+', -1],
    ['1.007', '1.7', 0],
    ['1.2.3', '1.2', 1],
  ])('%s against %s', (a, b, expected) => {
    expect(Math.sign(compareVersions(a, b))).toBe(expected);
    expect(Math.sign(compareVersions(b, a))).toBe(expected === 0 ? 0 : -expected);
  });
});

const changelog = `openssl (3.5.4-1~deb13u2) trixie-security; urgency=high

  * CVE-2025-15467 (Stack buffer overflow in CMS AuthEnvelopedData parsing)
  * CVE-2025-69419, CVE-2025-15467

 -- Somebody <x@example.org>  Mon, 26 Jan 2026 20:11:02 +0100

openssl (3.5.4-1~deb13u1) trixie; urgency=medium

  * Fixes CVE-2025-9230

 -- Somebody <x@example.org>  Tue, 30 Sep 2025 21:52:24 +0200
`;

test.each<[string, string, string, object]>([
  [
    'names what is newer than the installed version',
    changelog,
    '3.5.4-1~deb13u1',
    { cves: ['CVE-2025-15467', 'CVE-2025-69419'] },
  ],
  ['leaves out what is installed already', changelog, '3.5.4-1~deb13u2', { cves: [] }],
  [
    'tells all of a package that is new',
    changelog,
    '',
    { cves: ['CVE-2025-15467', 'CVE-2025-69419', 'CVE-2025-9230'] },
  ],
  [
    'is unknown where the node could not fetch it',
    'E: Failed to fetch changelog:/openssl.changelog  Changelog unavailable\nRC: 100',
    '1',
    { unknown: expect.stringMatching(/could not fetch the changelog: E: Failed/) },
  ],
  ['is unknown where it is none', '', '1', { unknown: 'the node could not fetch the changelog' }],
])('a changelog %s', (_name, text, installed, expected) => {
  expect(cvesSince(text, installed)).toEqual(expected);
});
