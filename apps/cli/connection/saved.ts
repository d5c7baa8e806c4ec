import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError, EXIT, usageError } from '../exit.ts';
import { foldersFor } from '../folders.ts';
import type { Io } from '../io.ts';
import { isMissing, writePrivateFile } from '../private-file.ts';
import { keyForOpening, keyForSealing } from '../vault/key.ts';
import { seal, unseal } from '../vault/sealed.ts';
import type { Connection } from './connection.ts';
import { identityName } from './connection.ts';
import type { SavedFile } from './saved-file.ts';
import { boundTo, parseSavedFile } from './saved-file.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What is told of a saved connection without opening its secret. */
export interface SavedSummary {
  name: string;
  url: string;
  identity: string;
  isCurrent: boolean;
}

/** The name of a connection, which is also that of its file. */
export function parseConnectionName(text: string): string {
  if (NAME.test(text)) return text;
  throw usageError(
    `${JSON.stringify(text.slice(0, 80))} cannot name a connection.`,
    'Use letters, digits, dots, dashes; 64 at most.',
  );
}

/** One file a connection, so that two that are saved at once cannot lose each other. */
function fileOf(env: Io['env'], name: string): string {
  return join(foldersFor(env).config, 'connections', `${name}.json`);
}

function currentFile(env: Io['env']): string {
  return join(foldersFor(env).config, 'current');
}

/** Saves a connection, its secret sealed, and makes it the current one. An older one of that name is replaced. */
export async function saveConnection(io: Io, connection: Connection): Promise<void> {
  const { key, source } = await keyForSealing(io);
  const { identity } = connection;
  const open = {
    version: 1 as const,
    name: connection.name,
    url: connection.url,
    kind: identity.kind,
    identity: identityName(identity),
    ...(connection.fingerprint === undefined ? {} : { fingerprint: connection.fingerprint }),
    ...(connection.ca === undefined ? {} : { ca: connection.ca }),
  };
  const secret = identity.kind === 'token' ? identity.secret : identity.password;
  const file: SavedFile = { ...open, key: source, secret: seal(secret, key, boundTo(open), io.random) };
  await writePrivateFile(fileOf(io.env, connection.name), `${JSON.stringify(file, null, 2)}\n`, io.id());
  await useConnection(io, connection.name);
}

/** All saved connections, by name. */
export async function listConnections(io: Io): Promise<SavedSummary[]> {
  const folder = join(foldersFor(io.env).config, 'connections');
  const files = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const names = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  const current = await currentName(io);
  const read = await Promise.all(
    names
      .filter((name) => NAME.test(name))
      .sort()
      .map((name) => readSaved(io, name)),
  );
  return read
    .filter((file) => file !== undefined)
    .map((file) => ({ name: file.name, url: file.url, identity: file.identity, isCurrent: file.name === current }));
}

/** The name of the connection that is used where none is named; undefined where nothing is saved. */
export async function currentName(io: Io): Promise<string | undefined> {
  const text = await readIfThere(currentFile(io.env));
  const name = text?.trim();
  return name !== undefined && NAME.test(name) ? name : undefined;
}

/** Makes a saved connection the one that is used where none is named. */
export async function useConnection(io: Io, name: string): Promise<void> {
  if ((await readSaved(io, name)) === undefined) throw noSuchConnection(name);
  await writePrivateFile(currentFile(io.env), `${name}\n`, io.id());
}

/** Forgets a connection and its secret. */
export async function removeConnection(io: Io, name: string): Promise<void> {
  const path = fileOf(io.env, parseConnectionName(name));
  if ((await readIfThere(path)) === undefined) throw noSuchConnection(name);
  await rm(path);
  if ((await currentName(io)) === name) await rm(currentFile(io.env), { force: true });
}

/** A saved connection with its secret opened. */
export async function openConnection(io: Io, name: string): Promise<Connection> {
  const file = await readSaved(io, parseConnectionName(name));
  if (file === undefined) throw noSuchConnection(name);
  const secret = unseal(file.secret, await keyForOpening(io, file.key), boundTo(file));
  if (secret === undefined) {
    throw new CliError(
      EXIT.noConnection,
      `The secret of connection ${name} cannot be opened: the vault's key is another one, or ${fileOf(io.env, name)} was changed.`,
      `Use the key that it was saved with, or connect anew: pxa connect ${file.url} --name ${name}`,
    );
  }
  return {
    name,
    url: file.url,
    identity:
      file.kind === 'token'
        ? { kind: 'token', tokenId: file.identity, secret }
        : { kind: 'password', username: file.identity, password: secret },
    ...(file.fingerprint === undefined ? {} : { fingerprint: file.fingerprint }),
    ...(file.ca === undefined ? {} : { ca: file.ca }),
  };
}

function noSuchConnection(name: string): CliError {
  return new CliError(
    EXIT.noConnection,
    `There is no saved connection ${JSON.stringify(name)}.`,
    'pxa connections lists them; pxa connect URL makes one.',
  );
}

async function readSaved(io: Io, name: string): Promise<SavedFile | undefined> {
  const path = fileOf(io.env, parseConnectionName(name));
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const file = parseSavedFile(text);
  if (file !== undefined && file.name === name) return file;
  throw new CliError(
    EXIT.noConnection,
    `${path} is not a saved connection of this version.`,
    `Remove the file, and connect anew with pxa connect URL --name ${name}`,
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}
