import { createHmac } from 'node:crypto';

/** Limits of proxmox-tfa (proxmox-rs, proxmox-tfa/src/api/mod.rs). */
const TOTP_FAILURES_TO_LOCK = 8;
const FAILURES_TO_LOCK = 100;
const LOCK_MS = 3600_000;

const STEP_S = 30;
const DIGITS = 6;

/** A user's second factors, as they are set up. */
export interface SecondFactor {
  /** The TOTP secret in base32, as authenticator programs take it. */
  totp?: string;
  /** Recovery keys as `xxxx-xxxx-xxxx-xxxx`; each is good for one login. */
  recovery?: string[];
}

/** One user's second factors and what has happened to them. */
export class UserTfa {
  private readonly totpKey: Buffer | undefined;
  private readonly recovery: (string | undefined)[];
  private lastStep = -1;
  private totpFailures = 0;
  private failures = 0;
  /** Milliseconds since 1970; undefined while not locked. */
  lockedUntilMs: number | undefined;
  readonly createdMs: number;

  constructor(setup: SecondFactor, nowMs: number) {
    this.totpKey = setup.totp === undefined ? undefined : fromBase32(setup.totp);
    this.recovery = [...(setup.recovery ?? [])];
    this.createdMs = nowMs;
  }

  get totpLocked(): boolean {
    return this.totpFailures >= TOTP_FAILURES_TO_LOCK;
  }

  get hasTotp(): boolean {
    return this.totpKey !== undefined;
  }

  get hasRecovery(): boolean {
    return this.recovery.length > 0;
  }

  /** What a login has to answer with: the part between `!tfa!` and the time in the ticket. */
  challenge(): Record<string, unknown> {
    const recovery = this.recovery.flatMap((key, index) => (key === undefined ? [] : [index]));
    return { ...(this.hasTotp && { totp: true }), ...(this.hasRecovery && { recovery }) };
  }

  /** Whether `totp:123456` or `recovery:KEY` is right; counts failures and locks as the real one does. */
  accept(response: string, nowMs: number): boolean {
    if (this.lockedUntilMs !== undefined && nowMs < this.lockedUntilMs) return false;
    const colon = response.indexOf(':');
    const kind = response.slice(0, colon);
    const value = response.slice(colon + 1);
    const accepted =
      kind === 'totp' ? this.acceptTotp(value, nowMs) : kind === 'recovery' && this.acceptRecovery(value);
    if (accepted) {
      this.failures = 0;
      this.lockedUntilMs = undefined;
    } else if (++this.failures >= FAILURES_TO_LOCK) {
      this.lockedUntilMs = nowMs + LOCK_MS;
    }
    return accepted;
  }

  private acceptTotp(value: string, nowMs: number): boolean {
    if (!this.totpKey || this.totpLocked) return false;
    const current = Math.floor(nowMs / 1000 / STEP_S);
    for (const step of [current - 1, current, current + 1]) {
      if (step > this.lastStep && totpAt(this.totpKey, step) === value) {
        this.lastStep = step;
        this.totpFailures = 0;
        return true;
      }
    }
    this.totpFailures++;
    return false;
  }

  private acceptRecovery(value: string): boolean {
    const index = value === '' ? -1 : this.recovery.indexOf(value);
    if (index === -1) return false;
    this.recovery[index] = undefined;
    this.totpFailures = 0;
    return true;
  }
}

/** The six digits that an authenticator shows at a time for a base32 secret (RFC 6238, SHA-1, 30 s). */
export function totp(secret: string, nowMs: number): string {
  return totpAt(fromBase32(secret), Math.floor(nowMs / 1000 / STEP_S));
}

function totpAt(key: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.max(0, step)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const code = (digest.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS;
  return String(code).padStart(DIGITS, '0');
}

function fromBase32(text: string): Buffer {
  const bits = [...text.toUpperCase().replace(/[\s=-]/g, '')]
    .map((character) => {
      const value = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character);
      if (value === -1) throw new Error(`not a base32 secret: character '${character}'`);
      return value.toString(2).padStart(5, '0');
    })
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
