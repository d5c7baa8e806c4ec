import type { Problem } from './problem.ts';
import { problemOfFailure } from './problem-of-failure.ts';
import { formatAddress, parseUrl } from './transport/address.ts';
import { type PresentedCertificate, readCertificate } from './transport/connect.ts';
import { failureOf } from './transport/failure.ts';

const TIMEOUT_MS = 5_000;

/**
 * The certificate that the server at `url` shows, for a person to compare before pinning it. Only a TLS handshake is
 * made; nothing is sent, and nothing is trusted by this.
 *
 * @throws SettingsError for a URL that cannot be used.
 */
export async function inspectCertificate(
  url: string,
  { timeoutMs = TIMEOUT_MS }: { timeoutMs?: number } = {},
): Promise<{ ok: true; certificate: PresentedCertificate } | { ok: false; problem: Problem }> {
  const address = parseUrl(url);
  try {
    return { ok: true, certificate: await readCertificate(address, timeoutMs) };
  } catch (error) {
    const where = { method: 'TLS', path: 'handshake', at: formatAddress(address), who: 'nobody' };
    return { ok: false, problem: problemOfFailure(failureOf(error, 'unsent', false), where) };
  }
}
