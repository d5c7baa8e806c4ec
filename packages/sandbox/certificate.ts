import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

/** What the sandbox shows to clients; `fingerprint` is SHA-256 as AA:BB:…. */
export interface Certificate {
  key: string;
  cert: string;
  fingerprint: string;
}

const VALID_MS = 2 * 365 * 24 * 3600 * 1000;

/** A new self-signed EC certificate for `names` (host names and addresses), valid from a day before `nowMs`. */
export async function makeCertificate(commonName: string, names: string[], nowMs: number): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(nowMs - 24 * 3600 * 1000),
    notAfterDate: new Date(nowMs + VALID_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isAddress(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { key: made.private, cert: made.cert, fingerprint: new X509Certificate(made.cert).fingerprint256 };
}

function isAddress(name: string): boolean {
  return /^[0-9.]+$/.test(name) || name.includes(':');
}
