import { once } from 'node:events';
import { connect } from 'node:tls';

/**
 * The certificate, as PEM, that a server presents, if it has the SHA-256 fingerprint `AA:BB:…`; throws if it has
 * another. Nothing is sent over the connection that it was read from: clients are given the certificate as their CA,
 * and verify it themselves.
 */
export async function pinnedCertificate(url: string, fingerprint: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(5_000) });
    const presented = socket.getPeerX509Certificate();
    if (presented?.fingerprint256 !== fingerprint)
      throw new Error(`${url} presents ${presented?.fingerprint256 ?? 'no certificate'}, not ${fingerprint}`);
    return presented.toString();
  } finally {
    socket.destroy();
  }
}
