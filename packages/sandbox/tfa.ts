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

/** One authenticator of a user. */
interface Totp {
  key: Buffer;
  description: string;
  createdMs: number;
  /** The last time step whose code was used: a code is good for one login. */
  lastStep: number;
}

/** One entry as the API lists it, without its secret. */
export interface TfaEntry {
  id: string;
  type: 'totp' | 'recovery';
  description: string;
  /** Seconds since 1970. */
  created: number;
  enable: 1;
}

/** One user's second factors and what has happened to them. */
export class UserTfa {
  private readonly totps = new Map<string, Totp>();
  private recovery: { keys: (string | undefined)[]; createdMs: number } | undefined;
  private totpFailures = 0;
  private failures = 0;
  /** Milliseconds since 1970; undefined while not locked. */
  lockedUntilMs: number | undefined;

  constructor(setup: SecondFactor, nowMs: number) {
    if (setup.totp !== undefined) this.addTotp('totp', { secret: setup.totp, description: 'sandbox', nowMs });
    if (setup.recovery) this.setRecovery(setup.recovery, nowMs);
  }

  get totpLocked(): boolean {
    return this.totpFailures >= TOTP_FAILURES_TO_LOCK;
  }

  addTotp(id: string, { secret, description, nowMs }: { secret: string; description: string; nowMs: number }): void {
    this.totps.set(id, { key: fromBase32(secret), description, createdMs: nowMs, lastStep: -1 });
  }

  setRecovery(keys: readonly string[], nowMs: number): void {
    this.recovery = { keys: [...keys], createdMs: nowMs };
  }

  remove(id: string): void {
    if (id === 'recovery') this.recovery = undefined;
    else this.totps.delete(id);
  }

  unlock(): void {
    this.totpFailures = 0;
    this.failures = 0;
    this.lockedUntilMs = undefined;
  }

  entries(): TfaEntry[] {
    const totps = [...this.totps].map(([id, { description, createdMs }]): TfaEntry => {
      return { id, type: 'totp', description, created: Math.floor(createdMs / 1000), enable: 1 };
    });
    if (!this.recovery) return totps;
    const created = Math.floor(this.recovery.createdMs / 1000);
    return [...totps, { id: 'recovery', type: 'recovery', description: '', created, enable: 1 }];
  }

  /** What a login has to answer with: the part between `!tfa!` and the time in the ticket; undefined = nothing. */
  challenge(): Record<string, unknown> | undefined {
    const left = this.recovery?.keys.flatMap((key, index) => (key === undefined ? [] : [index]));
    if (this.totps.size === 0 && !left) return undefined;
    return { ...(this.totps.size > 0 && { totp: true }), ...(left && { recovery: left }) };
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
    if (this.totps.size === 0 || this.totpLocked) return false;
    const used = [...this.totps.values()].some((entry) => {
      const step = matchingStep(entry.key, value, nowMs);
      if (step === undefined || step <= entry.lastStep) return false;
      entry.lastStep = step;
      return true;
    });
    this.totpFailures = used ? 0 : this.totpFailures + 1;
    return used;
  }

  private acceptRecovery(value: string): boolean {
    const keys = this.recovery?.keys ?? [];
    const index = keys.indexOf(value);
    if (index === -1) return false;
    keys[index] = undefined;
    this.totpFailures = 0;
    return true;
  }
}

/** Whether a code is right for a base32 secret, give or take one step. */
export function isTotpCode(secret: string, code: string, nowMs: number): boolean {
  return matchingStep(fromBase32(secret), code, nowMs) !== undefined;
}

function matchingStep(key: Buffer, code: string, nowMs: number): number | undefined {
  const current = Math.floor(nowMs / 1000 / STEP_S);
  return [current - 1, current, current + 1].find((step) => totpAt(key, step) === code);
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
