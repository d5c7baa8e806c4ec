import { scrypt } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CliError, EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { foldersFor } from '../folders.ts';
import { fileTrouble, hasCode, isMissing, makePrivateFolder } from '../private-file.ts';

const KEY_BYTES = 32;
const SALT_BYTES = 16;
const SHORTEST_PASSPHRASE = 12;
// About 80 ms and 64 MiB: dear to guess, cheap to wait for.
const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };

/** Where the key of a sealed secret comes from; written beside the secret. */
export type KeySource = { from: 'environment' } | { from: 'file' } | { from: 'passphrase'; salt: string };

/** Where the key file is. */
export function keyFilePath(env: Io['env']): string {
  return join(foldersFor(env).data, 'vault.key');
}

/**
 * The key for new secrets: of the environment where one is given, else of the key file, which is made if need be.
 * @throws CliError
 */
export async function keyForSealing(io: Io): Promise<{ key: Uint8Array; source: KeySource }> {
  const given = io.env['PXA_VAULT_KEY'];
  if (given === undefined || given === '') {
    return { key: await readOrMakeKeyFile(io).catch(refuseFile(io)), source: { from: 'file' } };
  }
  const raw = rawKey(given);
  if (raw !== undefined) return { key: raw, source: { from: 'environment' } };
  const salt = Buffer.from(io.random(SALT_BYTES)).toString('base64');
  return { key: await derive(given, salt), source: { from: 'passphrase', salt } };
}

/** The key of a secret that was sealed before. */
export async function keyForOpening(io: Io, source: KeySource): Promise<Uint8Array> {
  const given = io.env['PXA_VAULT_KEY'];
  if (source.from === 'file') {
    const key = await readKeyFile(keyFilePath(io.env)).catch(refuseFile(io));
    if (key !== undefined) return key;
    throw refused(
      `The vault's key file is gone: ${keyFilePath(io.env)}`,
      'Put it back, or connect anew with pxa connect URL.',
    );
  }
  if (given === undefined || given === '') {
    throw refused(
      'This connection was saved with a key from PXA_VAULT_KEY, which is not set.',
      'Set PXA_VAULT_KEY to the same key.',
    );
  }
  if (source.from === 'passphrase') return derive(given, source.salt);
  const raw = rawKey(given);
  if (raw !== undefined) return raw;
  throw refused(
    'PXA_VAULT_KEY is not the key of 32 bytes that this connection was saved with.',
    'Set it to the same key.',
  );
}

/** What the system has against the key file, told as that. */
function refuseFile({ env }: Io): (error: unknown) => never {
  return (error) => {
    const trouble = fileTrouble(error);
    if (trouble === undefined) throw error;
    throw refused(
      `The vault's key file ${keyFilePath(env)} cannot be read or made: ${trouble}.`,
      'Mend that, or give the key in PXA_VAULT_KEY.',
    );
  };
}

function refused(message: string, nextStep: string): CliError {
  return new CliError(EXIT.noConnection, message, nextStep);
}

/** 32 bytes in hex or base64; undefined for a passphrase. */
function rawKey(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === KEY_BYTES ? bytes : undefined;
}

function derive(passphrase: string, salt: string): Promise<Uint8Array> {
  if (passphrase.length < SHORTEST_PASSPHRASE) {
    throw refused(
      `PXA_VAULT_KEY is neither 32 bytes in hex or base64 nor a passphrase of at least ${SHORTEST_PASSPHRASE} characters.`,
      'A good key: export PXA_VAULT_KEY="$(openssl rand -base64 32)"',
    );
  }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), KEY_BYTES, COST, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

async function readOrMakeKeyFile(io: Io): Promise<Uint8Array> {
  const path = keyFilePath(io.env);
  const known = await readKeyFile(path);
  if (known !== undefined) return known;
  await makePrivateFolder(dirname(path));
  const key = io.random(KEY_BYTES);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${Buffer.from(key).toString('base64')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    return key;
  } catch (error) {
    // Another pxa made it in the meantime: theirs is the key.
    const theirs = hasCode(error, 'EEXIST') ? await readKeyFile(path) : undefined;
    if (theirs !== undefined) return theirs;
    throw error;
  }
}

async function readKeyFile(path: string): Promise<Uint8Array | undefined> {
  const about = await stat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (about === undefined) return undefined;
  if ((about.mode & 0o077) !== 0) {
    const mode = (about.mode & 0o777).toString(8).padStart(4, '0');
    throw refused(
      `The vault's key file can be read by others (mode ${mode}): ${path}`,
      `chmod 600 '${path}', and renew the secrets if others had a look.`,
    );
  }
  if (process.getuid !== undefined && about.uid !== process.getuid()) {
    throw refused(
      `The vault's key file belongs to another user: ${path}`,
      'Run pxa as its owner, or move the file away and connect anew.',
    );
  }
  const file = await open(path, 'r');
  let text: string;
  try {
    text = await file.readFile('utf8');
  } finally {
    await file.close();
  }
  const key = rawKey(text.trim());
  if (key === undefined)
    throw refused(
      `The vault's key file does not hold a key: ${path}`,
      'Put the right file back, or remove it and connect anew.',
    );
  return key;
}
