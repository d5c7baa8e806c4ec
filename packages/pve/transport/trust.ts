import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { SettingsError } from './address.ts';

/** What makes a certificate good: the system's authorities, a given authority, or being exactly the pinned one. */
export type Trust =
  | { readonly kind: 'system' }
  | { readonly kind: 'ca'; readonly pem: string }
  | { readonly kind: 'pin'; readonly fingerprint: string };

/** A certificate that was not accepted, with its SHA-256 fingerprint. Nothing was sent to the server that showed it. */
export class CertificateRefused extends Error {
  override readonly name = 'CertificateRefused';
  readonly expected: string | undefined;
  readonly presented: string;

  constructor(why: string, presented: string, expected?: string) {
    super(why);
    this.presented = presented;
    this.expected = expected;
  }
}

const FINGERPRINT_BYTES = 32;

/**
 * A SHA-256 fingerprint in the form `AA:BB:…`, from any usual way of writing it: lower case, without colons, with the
 * `sha256 Fingerprint=` of openssl ahead of it. Undefined where it is none.
 */
export function parseFingerprint(text: string): string | undefined {
  const bare = text.trim().replace(/^sha-?256\s*(?:fingerprint)?\s*[=:]\s*/i, '');
  const hex = bare.replace(/[:\s-]/g, '').toUpperCase();
  if (hex.length !== FINGERPRINT_BYTES * 2 || !/^[0-9A-F]+$/.test(hex)) return undefined;
  return hex.replace(/(..)(?=.)/g, '$1:');
}

/**
 * The trust that was asked for. A fingerprint is the stronger of the two and wins where both are given.
 *
 * @throws SettingsError for a fingerprint or a CA that cannot be read.
 */
export function trustOf(tls: { fingerprint?: string; ca?: string }): Trust {
  if (tls.fingerprint !== undefined) return pinOf(tls.fingerprint);
  if (tls.ca !== undefined) return authorityOf(tls.ca);
  return { kind: 'system' };
}

function pinOf(text: string): Trust {
  const fingerprint = parseFingerprint(text);
  if (fingerprint !== undefined) return { kind: 'pin', fingerprint };
  throw new SettingsError(
    'The fingerprint is not a SHA-256 fingerprint (32 bytes in hex, AA:BB:…). ' +
      'The node shows it with: pvenode cert info, or under Node > System > Certificates.',
  );
}

function authorityOf(pem: string): Trust {
  try {
    new X509Certificate(pem);
  } catch {
    throw new SettingsError(
      "The CA is not a certificate in PEM form. A cluster's own CA is the file /etc/pve/pve-root-ca.pem of any node.",
    );
  }
  return { kind: 'ca', pem };
}

/**
 * Why the certificate that `socket` shows is not good enough, or undefined where it is. The handshake is done with
 * Node's own refusal switched off, so that the refused fingerprint can be shown and a self-signed certificate be
 * pinned; hence this must be asked before one byte of a request is written, and is: see connect.ts.
 */
export function refusalOf(socket: TLSSocket, trust: Trust): CertificateRefused | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return new CertificateRefused('the server showed no certificate', 'none');
  const presented = certificate.fingerprint256;
  if (trust.kind === 'pin') {
    if (presented === trust.fingerprint) return undefined;
    return new CertificateRefused('it is not the certificate that was pinned', presented, trust.fingerprint);
  }
  // Chain, dates and host name have been checked by Node here; `authorized` is true only if all of them were good.
  if (socket.authorized) return undefined;
  return new CertificateRefused(explain(String(socket.authorizationError)), presented);
}

const EXPLANATIONS: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it is signed by an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'it is signed by an authority that is not trusted here',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet (is the clock of this machine right?)',
  CERT_SIGNATURE_FAILURE: 'its signature is wrong',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it belongs to another host name',
};

function explain(code: string): string {
  return EXPLANATIONS[code] ?? `it could not be verified (${code})`;
}
