import { asObject } from './values.ts';

/** The kinds of second factor that are a text, so that a person can type them; the others need a browser. */
const TYPED = ['totp', 'recovery', 'yubico'] as const;

/**
 * The kinds of second factor that a challenge asks for and that can be typed. `challenge` is the ticket of a login
 * that answered NeedTFA: `PVE:!tfa!<json>:<time>::<signature>`, in whose JSON colons are written %3A
 * (pve-access-control AccessControl.pm).
 */
export function challengeKinds(challenge: string): string[] {
  const json = /^PVE:!tfa!([^:]*):/.exec(challenge)?.[1];
  const offered = json === undefined ? null : asObject(parse(json));
  return TYPED.filter((kind) => isOffered(offered?.[kind]));
}

/** `totp: true`, `recovery: [indexes of the keys that are left]` (proxmox-tfa, TfaChallenge). */
function isOffered(value: unknown): boolean {
  return value === true || value === 1 || (Array.isArray(value) && value.length > 0);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(json));
  } catch {
    return undefined;
  }
}

/**
 * The `password` that answers a challenge: the code with its kind ahead. A code that a person typed tells its kind by
 * its form: digits are TOTP, 44 letters of the modhex alphabet Yubico, the rest a recovery key. A kind that is written
 * out (`recovery:…`) is taken at its word.
 */
export function answerChallenge(code: string, kinds: readonly string[]): string {
  const text = code.trim();
  if (TYPED.some((kind) => text.startsWith(`${kind}:`))) return text;
  const compact = text.replace(/\s+/g, '');
  if (/^\d{6,8}$/.test(compact) && (kinds.includes('totp') || !kinds.includes('recovery'))) return `totp:${compact}`;
  if (/^[cbdefghijklnrtuv]{44}$/.test(compact) && kinds.includes('yubico')) return `yubico:${compact}`;
  return `recovery:${compact}`;
}
