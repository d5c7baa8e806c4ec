import { expect, test } from 'vitest';
import { parseAddress, parseFingerprint } from './address.ts';

test.each([
  ['pve1', 'https://pve1:8006'],
  ['pve1:443', 'https://pve1:443'],
  ['https://pve1:443/', 'https://pve1:443'],
  ['https://pve1.example.com', 'https://pve1.example.com:8006'],
  ['https://10.0.0.1:8006/', 'https://10.0.0.1:8006'],
  ['https://[fd00::1]:8006', 'https://[fd00::1]:8006'],
  ['HTTPS://PVE1:8007/api2/json', 'https://pve1:8007'],
  [' pve1 ', 'https://pve1:8006'],
])('%j is %s', (text, url) => {
  expect(parseAddress(text)).toBe(url);
});

test('fingerprints are taken as openssl and Proxmox write them', () => {
  const hex = 'ab'.repeat(32);
  const colons = 'AB:'.repeat(31) + 'AB';
  for (const text of [hex, colons, `sha256 Fingerprint=${colons}`, `SHA256:${hex}`])
    expect(parseFingerprint(text, 'it')).toBe(colons);
});
