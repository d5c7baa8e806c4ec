import { isIP } from 'node:net';
import {
  type SecureContext,
  type TLSSocket,
  connect as connectTls,
  createSecureContext,
  getCACertificates,
} from 'node:tls';
import type { Address } from './address.ts';
import { Ended } from './failure.ts';
import { type Trust, refusalOf } from './trust.ts';

/** How long the connection and its TLS handshake may take, and how the far end is known. */
export interface DialOptions {
  readonly address: Address;
  readonly trust: Trust;
  /** Made by `contextFor` for that trust. */
  readonly context: SecureContext;
  readonly timeoutMs: number;
}

/**
 * Opens a verified TLS connection: `done` gets the socket only after its certificate was found good; otherwise the
 * socket is destroyed with nothing but the handshake sent, and `done` gets the error.
 */
export function dial(options: DialOptions, done: (error: Error | null, socket?: TLSSocket) => void): void {
  const socket = openSocket(options);
  const limit = setTimeout(() => {
    socket.destroy(new Ended('connect_timeout', `no connection within ${Math.round(options.timeoutMs)} ms`));
  }, options.timeoutMs);
  const settle = (error: Error | null): void => {
    clearTimeout(limit);
    socket.off('error', settle);
    socket.off('close', closed);
    if (error === null) return done(null, socket);
    socket.on('error', () => undefined); // A destroyed socket may report once more; it has been reported already.
    socket.destroy();
    done(error);
  };
  const closed = (): void => settle(new Ended('dropped', 'closed during the TLS handshake'));
  socket.once('error', settle);
  socket.once('close', closed);
  socket.once('secureConnect', () => settle(refusalOf(socket, options.trust) ?? null));
}

/** Making a context costs as much as a handshake, and with all authorities far more. */
const contexts = new WeakMap<Trust, SecureContext>();

/** What TLS needs to know for a trust: which authorities there are. With a pinned certificate there are none. */
export function contextFor(trust: Trust): SecureContext {
  let context = contexts.get(trust);
  if (context === undefined) {
    context = createSecureContext({ minVersion: 'TLSv1.2', ca: authoritiesOf(trust) });
    contexts.set(trust, context);
  }
  return context;
}

/** Node brings authorities of its own; those that this machine's keeper added stand only in the system's store. */
function authoritiesOf(trust: Trust): string[] {
  switch (trust.kind) {
    case 'pin':
      return [];
    case 'ca':
      return [trust.pem];
    case 'system':
      return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  }
}

function openSocket({ address, context }: Pick<DialOptions, 'address' | 'context'>): TLSSocket {
  return connectTls({
    host: address.host,
    port: address.port,
    // TLS forbids IP addresses as server names.
    ...(isIP(address.host) === 0 ? { servername: address.host } : {}),
    secureContext: context,
    ALPNProtocols: ['http/1.1'],
    // Not a waiver: the verdict is ours, in refusalOf, before the socket is handed on. See trust.ts.
    rejectUnauthorized: false,
  });
}

const SYSTEM: Trust = { kind: 'system' };

/** The certificate that a server shows, for a person to compare before it is trusted. */
export interface PresentedCertificate {
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validTo: string;
  /** Whether the system's authorities vouch for it, so that no pinning is needed. */
  readonly trusted: boolean;
}

/**
 * Reads the certificate of the server at `address` by a handshake alone: nothing is sent, whatever it shows.
 * Rejects with the connection's error where there is none to read.
 */
export function readCertificate(address: Address, timeoutMs: number): Promise<PresentedCertificate> {
  return new Promise((resolve, reject) => {
    const socket = openSocket({ address, context: contextFor(SYSTEM) });
    const limit = setTimeout(() => {
      socket.destroy(new Ended('connect_timeout', `no connection within ${Math.round(timeoutMs)} ms`));
    }, timeoutMs);
    socket.on('error', reject);
    socket.once('close', () => {
      clearTimeout(limit);
      reject(new Ended('dropped', 'closed during the TLS handshake'));
    });
    socket.once('secureConnect', () => {
      const shown = socket.getPeerX509Certificate();
      if (shown !== undefined) {
        const { fingerprint256: fingerprint, subject, issuer, validTo } = shown;
        resolve({ fingerprint, subject, issuer, validTo, trusted: socket.authorized });
      }
      socket.destroy();
    });
  });
}
