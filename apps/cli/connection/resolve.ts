import { readFile } from 'node:fs/promises';
import { CliError, EXIT, usageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { parseAddress, parseFingerprint, parseTokenId } from './address.ts';
import type { Connection } from './connection.ts';

/** How to come to a connection, said wherever one is lacking. */
export const HOW_TO_CONNECT = [
  'Connect to your cluster:   pxa connect https://HOST:8006',
  'or set PXA_PVE_URL, PXA_PVE_TOKEN_ID, PXA_PVE_TOKEN_SECRET and PXA_PVE_FINGERPRINT (or PXA_PVE_CA_FILE),',
  'or try it on the built-in demo cluster:   pxa --sandbox "which VM uses the most memory?"',
].join('\n');

/** The connection to use: the one that was named, else that of the environment, else the current saved one. */
export async function resolveConnection(io: Io, named: string | undefined): Promise<Connection> {
  if (named !== undefined) return (await import('./saved.ts')).openConnection(io, named);
  const fromEnvironment = await environmentConnection(io);
  if (fromEnvironment !== undefined) return fromEnvironment;
  const saved = await import('./saved.ts');
  const current = await saved.currentName(io);
  if (current !== undefined) return saved.openConnection(io, current);
  const others = await saved.listConnections(io);
  if (others.length === 0) throw new CliError(EXIT.noConnection, 'No cluster is known yet.', HOW_TO_CONNECT);
  const names = others.map((other) => other.name).join(', ');
  throw new CliError(
    EXIT.noConnection,
    `None of the saved connections is in use (${names}).`,
    'pxa connections use NAME',
  );
}

/** The connection that PXA_PVE_… describe; undefined where none of them is set. */
export async function environmentConnection(io: Io): Promise<Connection | undefined> {
  const get = (name: string): string | undefined => io.env[name]?.trim() || undefined;
  const url = get('PXA_PVE_URL');
  const tokenId = get('PXA_PVE_TOKEN_ID');
  const secret = get('PXA_PVE_TOKEN_SECRET');
  const fingerprint = get('PXA_PVE_FINGERPRINT');
  const caFile = get('PXA_PVE_CA_FILE');
  if (url === undefined && tokenId === undefined && secret === undefined) return undefined;
  if (url === undefined) throw lacking('PXA_PVE_URL', 'Example: PXA_PVE_URL=https://pve1.example.com:8006');
  if (tokenId === undefined) throw lacking('PXA_PVE_TOKEN_ID', 'Example: PXA_PVE_TOKEN_ID=root@pam!pxa');
  if (secret === undefined)
    throw lacking(
      'PXA_PVE_TOKEN_SECRET',
      'Proxmox shows it once, when the token is made (Datacenter > Permissions > API Tokens).',
    );
  return {
    name: 'environment',
    url: parseAddress(url),
    identity: { kind: 'token', tokenId: parseTokenId(tokenId, 'PXA_PVE_TOKEN_ID'), secret: checkSecret(secret) },
    ...(fingerprint === undefined ? {} : { fingerprint: parseFingerprint(fingerprint, 'PXA_PVE_FINGERPRINT') }),
    ...(caFile === undefined ? {} : { ca: await readCa(caFile, 'PXA_PVE_CA_FILE') }),
  };
}

function lacking(name: string, nextStep: string): CliError {
  return new CliError(EXIT.noConnection, `${name} is not set, while others of PXA_PVE_… are.`, nextStep);
}

// It becomes part of a header: what cannot stand there is refused here, without showing it.
function checkSecret(secret: string): string {
  if (/^[\x21-\x7e]+$/.test(secret)) return secret;
  throw usageError(
    'PXA_PVE_TOKEN_SECRET holds characters that no token secret has.',
    'It is a UUID, as Proxmox showed it when the token was made.',
  );
}

/** The PEM text of a file of certificate authorities. */
export async function readCa(path: string, where: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw usageError(
      `${where}: ${path} cannot be read (${error instanceof Error ? error.message : String(error)}).`,
      'On a node it is /etc/pve/pve-root-ca.pem.',
    );
  });
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw usageError(`${where}: ${path} holds no certificate in PEM form.`, 'On a node it is /etc/pve/pve-root-ca.pem.');
}
