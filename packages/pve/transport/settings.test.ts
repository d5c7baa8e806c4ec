import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SettingsError, formatAddress, parseUrl } from './address.ts';
import { parseFingerprint, trustOf } from './trust.ts';

const HEX = 'ab'.repeat(32);
const PRINTED = Array.from({ length: 32 }, () => 'AB').join(':');

const URLS: [text: string, address: string | RegExp][] = [
  ['https://pve1', 'pve1:8006'],
  ['https://pve1:8006', 'pve1:8006'],
  ['https://pve1:8006/', 'pve1:8006'],
  ['https://pve1:8006/api2/json', 'pve1:8006'],
  ['https://pve1:8006/#v1:0:18:4', 'pve1:8006'],
  ['https://pve1:443', 'pve1:443'],
  ['https://PVE1.Example.com', 'pve1.example.com:8006'],
  [' pve1 ', 'pve1:8006'],
  ['pve1:8007', 'pve1:8007'],
  ['10.0.0.1', '10.0.0.1:8006'],
  ['https://[fe80::443]', '[fe80::443]:8006'],
  ['https://[::1]:443', '[::1]:443'],
  ['', /is empty/],
  ['http://pve1:8006', /over https only/],
  ['ftp://pve1', /over https only/],
  ['https://', /not a URL/],
  ['https://a b', /not a URL/],
  ['https://pve1:99999', /not a URL/],
  ['https://pve1/proxmox', /has a path/],
  ['https://root:hunter2@pve1', /holds credentials/],
];

describe('parseUrl', () => {
  test.each(URLS)('%j gives %s', (text, expected) => {
    if (typeof expected === 'string') expect(formatAddress(parseUrl(text))).toBe(expected);
    else expect(() => parseUrl(text)).toThrow(expected);
  });

  test('an error never repeats what could be a secret, and is always a SettingsError', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.domain().map((name) => `https://${name}/x`),
        ),
        (text) => {
          try {
            parseUrl(text);
          } catch (error) {
            expect(error).toBeInstanceOf(SettingsError);
          }
        },
      ),
    );
    expect(() => parseUrl('https://root:hunter2@pve1')).not.toThrow(/hunter2/);
  });
});

const FINGERPRINTS: [text: string, gives: string | undefined][] = [
  [PRINTED, PRINTED],
  [HEX, PRINTED],
  [`sha256 Fingerprint=${PRINTED}`, PRINTED],
  [`SHA-256: ${PRINTED.toLowerCase()}`, PRINTED],
  [PRINTED.replaceAll(':', ' '), PRINTED],
  ['', undefined],
  ['AA:BB', undefined],
  [`${PRINTED}:AB`, undefined],
  ['zz'.repeat(32), undefined],
  ['ab'.repeat(20), undefined],
];

test.each(FINGERPRINTS)('parseFingerprint(%j) gives %j', (text, gives) => {
  expect(parseFingerprint(text)).toBe(gives);
});

test('what cannot be trusted by is refused', () => {
  expect(() => trustOf({ fingerprint: 'AA:BB' })).toThrow(SettingsError);
  expect(() => trustOf({ ca: 'not a certificate' })).toThrow(SettingsError);
  expect(trustOf({})).toEqual({ kind: 'system' });
  expect(trustOf({ fingerprint: HEX, ca: 'ignored' })).toEqual({ kind: 'pin', fingerprint: PRINTED });
});
