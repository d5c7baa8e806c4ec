import { describe, expect, it } from 'vitest';
import { totp, UserTfa } from './tfa.ts';

/** RFC 6238, appendix B: the secret `12345678901234567890` and SHA-1, last six digits. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('TOTP', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %i is %s', (seconds, code) => {
    expect(totp(RFC_SECRET, seconds * 1000)).toBe(code);
  });

  it.each([
    [-60, false],
    [-30, true],
    [0, true],
    [30, true],
    [61, false],
  ])('of %i s ago is accepted: %s', (ago, accepted) => {
    const now = 1_111_111_110_000;
    const tfa = new UserTfa({ totp: RFC_SECRET }, now);
    expect(tfa.accept(`totp:${totp(RFC_SECRET, now - ago * 1000)}`, now)).toBe(accepted);
  });

  it('refuses a secret that is none', () => {
    expect(() => totp('not base32!', 0)).toThrow("not a base32 secret: character '!'");
  });
});

describe('all second factors', () => {
  it('are locked for an hour after a hundred failures', () => {
    const tfa = new UserTfa({ recovery: ['a-key'] }, 0);
    for (let i = 0; i < 100; i++) tfa.accept('recovery:wrong', 0);
    expect(tfa.accept('recovery:a-key', 3_599_999)).toBe(false);
    expect(tfa.accept('recovery:a-key', 3_600_000)).toBe(true);
  });
});
