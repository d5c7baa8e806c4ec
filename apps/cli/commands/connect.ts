import { writeLine } from '../io.ts';
import type { Io } from '../io.ts';
import { parseAddress, parseFingerprint, parseTokenId } from '../connection/address.ts';
import type { Connection, Identity } from '../connection/connection.ts';
import { certificateToTrust } from '../connection/first-contact.ts';
import type { Trust } from '../connection/first-contact.ts';
import { readCa } from '../connection/resolve.ts';
import { parseConnectionName, saveConnection } from '../connection/saved.ts';
import { signIn } from '../connection/sign-in.ts';
import { EXIT, usageError } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { GlobalOptions } from '../options.ts';
import type { Dialog } from '../terminal/dialog.ts';
import { openDialog } from '../terminal/dialog.ts';
import { paintFor } from '../terminal/look.ts';

/** `pxa connect URL`: the certificate, who signs in, a test, what will not work; then the connection is saved. */
export async function connect(
  io: Io,
  options: GlobalOptions,
  operands: string[],
  own: Record<string, unknown>,
): Promise<ExitCode> {
  const given = (name: string): string | undefined => (typeof own[name] === 'string' ? own[name] : undefined);
  const url = parseAddress(operands[0] ?? '');
  const name = parseConnectionName(given('name') ?? defaultName(url));
  const dialog = openDialog(io);
  try {
    const trust = await chooseTrust(io, dialog, url, given('fingerprint'), given('caFile'));
    const identity = await askIdentity(io, dialog, given('tokenId'), given('username'));
    const connection: Connection = { name, url, identity, ...trust };
    await signIn(io, options, connection, dialog);
    await saveConnection(io, connection);
    const { green } = paintFor(io.stdout, io.env, options);
    writeLine(io.stdout, `${green('Saved')} as ${name}, its secret encrypted. Try: pxa "how are my nodes doing?"`);
    return EXIT.answered;
  } finally {
    dialog.close();
  }
}

/** The first part of a host's name; an address as it is, since its parts name nothing. */
function defaultName(url: string): string {
  const { hostname } = new URL(url);
  if (hostname.startsWith('[')) return hostname.replace(/[^0-9a-f]+/g, '-').replace(/^-|-$/g, '') || 'cluster';
  return /^[\d.]+$/.test(hostname) ? hostname : (hostname.split('.')[0] ?? hostname);
}

async function chooseTrust(
  io: Io,
  dialog: Dialog,
  url: string,
  fingerprint: string | undefined,
  caFile: string | undefined,
): Promise<Trust> {
  if (fingerprint !== undefined) return { fingerprint: parseFingerprint(fingerprint, '--fingerprint') };
  if (caFile !== undefined) return { ca: await readCa(caFile, '--ca-file') };
  return certificateToTrust(io, dialog, url);
}

async function askIdentity(
  io: Io,
  dialog: Dialog,
  tokenId: string | undefined,
  username: string | undefined,
): Promise<Identity> {
  if (tokenId !== undefined && username !== undefined)
    throw usageError('--token-id and --username exclude each other.');
  const name = tokenId ?? username ?? (await dialog.text('API token (user@realm!name), or a user (user@realm):'));
  if (tokenId === undefined && !name.includes('!')) return askPassword(dialog, name);
  const id = parseTokenId(name, tokenId === undefined ? 'What you typed' : '--token-id');
  const secret = io.env['PXA_PVE_TOKEN_SECRET'] ?? (await dialog.secret(`Secret of ${id}:`));
  if (!/^[\x21-\x7e]+$/.test(secret))
    throw usageError('That is not the secret of an API token.', 'Proxmox shows it once, when the token is made.');
  return { kind: 'token', tokenId: id, secret };
}

async function askPassword(dialog: Dialog, name: string): Promise<Identity> {
  const username = name.includes('@') ? name : `${name}@pam`;
  if (!/^[^\s:/]+@[A-Za-z][A-Za-z0-9._-]*$/.test(username))
    throw usageError(
      `${JSON.stringify(name.slice(0, 80))} is not a user.`,
      'It is written user@realm, root@pam for example.',
    );
  const password = await dialog.secret(`Password of ${username}:`);
  if (password === '') throw usageError('The password is empty.');
  return { kind: 'password', username, password };
}
