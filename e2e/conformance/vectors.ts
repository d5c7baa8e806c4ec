import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AccessConfig } from '../../packages/sandbox/access.ts';

/** What every line of a file of vectors has. */
export interface Vector {
  id: string;
}

export interface ValidationVector extends Vector {
  route: string;
  params: Record<string, unknown>;
  body?: 'json';
  ok: boolean;
  errors?: Record<string, string>;
  unordered?: string[];
}

export interface PermissionVector extends Vector {
  acl: AccessConfig;
  who: string | null;
  kind: 'privs' | 'paths' | 'cap' | 'check' | 'route';
  path?: string;
  privs?: unknown;
  paths?: unknown;
  perms?: unknown;
  permissions?: unknown;
  cap?: unknown;
  check?: readonly [string, ...unknown[]];
  route?: string;
  params?: Record<string, unknown>;
  allowed?: boolean;
  code?: number;
  message?: string;
}

/** Any other vector: its fields are read by the checker of its file. */
export interface PlainVector extends Vector {
  [field: string]: unknown;
}

/** Where the shared vectors lie: beside the checkout, or where PXA_SHARED points. */
export function sharedVectors(): string {
  const root = resolve(import.meta.dirname, '../..');
  return join(process.env['PXA_SHARED'] ?? resolve(root, '../shared'), 'pve/vectors');
}

/** The files of vectors in a folder, by name; empty where there is no such folder. */
export function vectorFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
}

/** The vectors of one file, a JSON object a line. Throws with the line's number where a line is none. */
export function readVectors<T extends Vector>(folder: string, file: string): T[] {
  return readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .flatMap((line, i): T[] => {
      if (line.trim() === '') return [];
      try {
        // The files' form is described in the README beside them.
        return [JSON.parse(line) as T];
      } catch {
        throw new Error(`${file}:${i + 1} is not JSON`);
      }
    });
}
