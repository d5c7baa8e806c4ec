import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds that a ticket holds, and how far ahead of the server's clock it may be (PVE::AccessControl, ticket lifetime). */
const LIFETIME_S = 7200;
const AHEAD_S = 300;

/** As long as an RSA-2048 signature, which the real server writes here. */
const SIGNATURE_BYTES = 256;

/** What a ticket is good for: a whole login, or only for the answer to a second factor's challenge. */
export type Ticket = { kind: 'user'; userid: string } | { kind: 'challenge'; challenge: Record<string, unknown> };

/** Writes and checks tickets and CSRF tokens; `secret` is this server's signing key. */
export class TicketOffice {
  private readonly secret: Buffer;
  /** Everything issued before this moment is refused: what a changed signing key does. Milliseconds since 1970. */
  private validFromMs = 0;

  constructor(secret: Buffer) {
    this.secret = secret;
  }

  /** `PVE:USER:HEXTIME::SIGNATURE` for a user who has passed every check. */
  issue(userid: string, nowMs: number): string {
    return this.sign(escapeColons(userid), '', nowMs);
  }

  /** The ticket of somebody who has given the password, but not yet the second factor. */
  issueChallenge(userid: string, challenge: Record<string, unknown>, nowMs: number): string {
    return this.sign(`!tfa!${escapeColons(JSON.stringify(challenge))}`, userid, nowMs);
  }

  /** What the ticket says, if it is ours and of the right age; `challengedUser` for the ticket of a second step. */
  read(ticket: string, nowMs: number, challengedUser = ''): Ticket | undefined {
    const parts = /^(PVE:(\S+):([0-9A-F]{8}))::([^:\s]+)$/.exec(ticket);
    if (!parts) return undefined;
    const [, plain = '', subject = '', hexTime = '', signature = ''] = parts;
    const issuedMs = parseInt(hexTime, 16) * 1000;
    if (!inTime(issuedMs, nowMs) || issuedMs < this.validFromMs) return undefined;
    const isChallenge = subject.startsWith('!tfa!');
    if (!same(signature, this.signature(plain, isChallenge ? challengedUser : ''))) return undefined;
    if (!isChallenge) return { kind: 'user', userid: unescapeColons(subject) };
    const challenge = JSON.parse(unescapeColons(subject.slice('!tfa!'.length))) as Record<string, unknown>; // we wrote it
    return { kind: 'challenge', challenge };
  }

  /** The token that a ticket's writes must carry in the header CSRFPreventionToken. */
  csrfToken(userid: string, nowMs: number): string {
    const time = hexSeconds(nowMs);
    return `${time}:${this.csrfDigest(time, userid)}`;
  }

  isCsrfToken(token: string, userid: string, nowMs: number): boolean {
    const [, time = '', digest = ''] = /^([0-9A-F]{8}):(\S+)$/.exec(token) ?? [];
    return time !== '' && inTime(parseInt(time, 16) * 1000, nowMs) && same(digest, this.csrfDigest(time, userid));
  }

  /** Refuses from now on what was issued up to now. */
  expireAll(nowMs: number): void {
    this.validFromMs = nowMs + 1;
  }

  private sign(subject: string, withUser: string, nowMs: number): string {
    const plain = `PVE:${subject}:${hexSeconds(nowMs)}`;
    return `${plain}::${this.signature(plain, withUser)}`;
  }

  private signature(plain: string, withUser: string): string {
    const digest = createHash('shake256', { outputLength: SIGNATURE_BYTES });
    return digest.update(this.secret).update(`ticket\0${withUser}\0${plain}`).digest('base64');
  }

  private csrfDigest(time: string, userid: string): string {
    const digest = createHmac('sha256', this.secret).update(`csrf\0${time}\0${userid}`).digest('base64');
    return digest.replace(/=+$/, '');
  }
}

function inTime(issuedMs: number, nowMs: number): boolean {
  const ageS = (nowMs - issuedMs) / 1000;
  return ageS > -AHEAD_S && ageS < LIFETIME_S;
}

function hexSeconds(nowMs: number): string {
  return Math.floor(nowMs / 1000)
    .toString(16)
    .toUpperCase()
    .padStart(8, '0');
}

function escapeColons(text: string): string {
  return text.replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll(' ', '%20');
}

function unescapeColons(text: string): string {
  return text.replaceAll('%20', ' ').replaceAll('%3A', ':').replaceAll('%25', '%');
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
