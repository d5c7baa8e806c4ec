import { createHash } from 'node:crypto';
import type { State } from '../state/model.ts';

const MIB = 1024 ** 2;

/** A file on somebody else's server, which the sandbox never asks. */
export interface RemoteFile {
  filename: string;
  size: number;
  isReachable: boolean;
  /** What its checksum is, where another is expected. */
  sum(algorithm: string): string;
}

/**
 * What stands in for a download. A file of the same name that lies anywhere in the cluster tells its size; else the
 * size follows from the address, between 256 MiB and 1 GiB (templates: a quarter of that). Hosts under `.invalid` do
 * not exist.
 */
export function remoteFile(state: State, url: string, name?: string): RemoteFile {
  const { hostname, pathname } = new URL(url);
  const filename = name ?? decodeURIComponent(pathname.replace(/^.*\//, ''));
  const digest = createHash('sha256').update(url).digest();
  const made = 256 * MIB + (digest.readUInt32BE(0) % (768 * MIB));
  const size = sizeOfNamesake(state, filename) ?? (/\.tar(?:\.\w+)?$/.test(filename) ? Math.floor(made / 4) : made);
  const isReachable = !/(?:^|\.)invalid$/.test(hostname);
  return { filename, size, isReachable, sum: (algorithm) => createHash(algorithm).update(url).digest('hex') };
}

function sizeOfNamesake(state: State, filename: string): number | undefined {
  for (const node of state.nodes.values()) {
    for (const { pool } of node.storages.values()) {
      const found = pool.volumes.find(({ volid }) => volid.endsWith(`/${filename}`));
      if (found && filename !== '') return found.size;
    }
  }
  return undefined;
}

const DIGITS: Record<string, number> = { md5: 32, sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 };

/** Whether an expected checksum is taken for right: it has the algorithm's length, and is not all zeros. */
export function isRightSum(algorithm: string, expected: string): boolean {
  return new RegExp(`^[0-9a-f]{${DIGITS[algorithm] ?? 0}}$`, 'i').test(expected) && !/^0+$/.test(expected);
}
