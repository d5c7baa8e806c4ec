import { connectTo } from '../backend.ts';
import { CliError, EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import { problemError } from '../problem-error.ts';
import type { Dialog } from '../terminal/dialog.ts';

/** How a server's certificate is known: exactly this one, by these authorities, or by the system's. */
export type Trust = { fingerprint: string } | { ca: string } | Record<never, never>;

/**
 * Looks at a server that is not known yet. A certificate that the system's authorities vouch for needs no question; any
 * other is shown, and taken only after a person said so. Until then nothing is sent to the server.
 */
export async function certificateToTrust(io: Io, dialog: Dialog, url: string): Promise<Trust> {
  const presented = await unknownCertificate(url);
  if (presented === undefined) return {};
  writeLine(
    io.stderr,
    `${new URL(url).host} shows a certificate that no known authority vouches for. Its SHA-256 fingerprint:`,
  );
  writeLine(io.stderr, `  ${presented}`);
  writeLine(
    io.stderr,
    'Compare it with the one on the server itself: in its web interface under Node > System > Certificates,',
  );
  writeLine(io.stderr, 'or there in a shell: openssl x509 -noout -fingerprint -sha256 -in /etc/pve/local/pve-ssl.pem');
  const answer = await dialog.text('Is it the same? Type yes to accept this certificate from now on:', 'no');
  if (answer.toLowerCase() === 'yes') return { fingerprint: presented };
  throw new CliError(EXIT.noConnection, 'The certificate was not accepted; nothing was sent and nothing saved.');
}

/** The fingerprint of a certificate that the system does not trust; undefined where it does. */
async function unknownCertificate(url: string): Promise<string | undefined> {
  // The list of realms is the one thing that Proxmox tells anybody; this identity is never looked at there.
  const nobody = {
    kind: 'token',
    tokenId: 'nobody@pve!first-contact',
    secret: '00000000-0000-0000-0000-000000000000',
  } as const;
  const cluster = await connectTo({ name: 'first contact', url, identity: nobody });
  try {
    const read = await cluster.session().reader.get('/access/domains', {});
    if (read.ok) return undefined;
    const { certificate } = read.problem;
    if (read.problem.kind === 'certificate' && certificate !== undefined) return certificate.presented;
    throw problemError(read.problem);
  } finally {
    await cluster.close();
  }
}
