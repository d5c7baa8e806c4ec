import type { KeySource } from '../vault/key.ts';
import type { Sealed } from '../vault/sealed.ts';

/** A saved connection as its file holds it; all but the secret can be read. */
export interface SavedFile {
  version: 1;
  name: string;
  url: string;
  kind: 'token' | 'password';
  identity: string;
  fingerprint?: string;
  ca?: string;
  key: KeySource;
  secret: Sealed;
}

/**
 * What the secret is bound to: its connection's name, and where and to whom it would be sent. Who can write the file
 * but has not the key cannot turn the secret to a server of theirs.
 */
export function boundTo(file: Omit<SavedFile, 'key' | 'secret'>): string {
  const { version, name, url, kind, identity, fingerprint, ca } = file;
  return JSON.stringify(['pxa connection', version, name, url, kind, identity, fingerprint ?? null, ca ?? null]);
}

/** The file's content, or undefined where it is anything else. */
export function parseSavedFile(text: string): SavedFile | undefined {
  const value = parseObject(text);
  if (value === undefined || value['version'] !== 1) return undefined;
  const { name, url, kind, identity, fingerprint, ca } = value;
  const key = parseKeySource(value['key']);
  const secret = parseSealed(value['secret']);
  if (!isText(name) || !isText(url) || !isText(identity) || (kind !== 'token' && kind !== 'password')) return undefined;
  if (!isTextOrAbsent(fingerprint) || !isTextOrAbsent(ca) || key === undefined || secret === undefined)
    return undefined;
  return {
    version: 1,
    name,
    url,
    kind,
    identity,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(ca === undefined ? {} : { ca }),
    key,
    secret,
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  // JSON.parse gives plain objects only: what is an object and no list has text keys.
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function parseKeySource(value: unknown): KeySource | undefined {
  const source = asRecord(value);
  if (source?.['from'] === 'file' || source?.['from'] === 'environment') return { from: source['from'] };
  const salt = source?.['salt'];
  return source?.['from'] === 'passphrase' && isText(salt) ? { from: 'passphrase', salt } : undefined;
}

function parseSealed(value: unknown): Sealed | undefined {
  const sealed = asRecord(value);
  if (sealed === undefined) return undefined;
  const { iv, tag, data } = sealed;
  return isText(iv) && isText(tag) && isText(data) ? { iv, tag, data } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}
