import { describe, expect, test } from 'vitest';
import { plainChecks } from './plain-checks.ts';
import { checkPermission, checkValidation } from './request-checks.ts';
import { readVectors, sharedVectors, vectorFiles } from './vectors.ts';
import type { PermissionVector, PlainVector, ValidationVector } from './vectors.ts';
import type { Difference } from './compare.ts';

const folder = sharedVectors();
const files = vectorFiles(folder);

function failures(file: string): { id: string; difference: Difference }[] {
  const run = (): [string, Difference | undefined][] => {
    if (file === 'validation.jsonl') {
      return readVectors<ValidationVector>(folder, file).map((v) => [v.id, checkValidation(v)]);
    }
    if (file === 'permissions.jsonl') {
      return readVectors<PermissionVector>(folder, file).map((v) => [v.id, checkPermission(v)]);
    }
    const check = plainChecks[file];
    if (!check) throw new Error(`no check for ${file}`);
    return readVectors<PlainVector>(folder, file).map((v) => [v.id, check(v)]);
  };
  return run().flatMap(([id, difference]) => (difference ? [{ id, difference }] : []));
}

describe('what Proxmox itself answers', () => {
  if (files.length === 0) test.skip(`no vectors beside this checkout (${folder})`, () => {});
  for (const file of files) {
    test(file, () => expect(failures(file)).toEqual([]));
  }
});
