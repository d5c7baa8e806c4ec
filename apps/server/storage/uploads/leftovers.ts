import { readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where uploads are kept, and who keeps them there. */
export interface Home {
  /** The folder that the folders of processes are made in. */
  readonly folder: string;
  readonly host: string;
  readonly pid: number;
  /** Whether a process of this machine is there. */
  readonly isAlive: (pid: number) => boolean;
}

/** The usual place: the system's folder for temporary files, or the one that the settings name. */
export function systemHome(folder: string | undefined): Home {
  return { folder: folder ?? tmpdir(), host: hostname(), pid: process.pid, isAlive };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of somebody else's is there, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const START = 'pxa-uploads';

/** The folder of a process; `random` keeps it from being guessed, and made by somebody else before. */
export const homeName = ({ host, pid }: Home, random: string): string => `${START}.${host}.${pid}.${random}`;

/**
 * Removes the folders of processes of this machine that are no more. One with our own number was another's, who had it
 * before. @throws nothing: what cannot be removed is another user's
 */
export async function removeLeftovers({ folder, host, pid, isAlive: alive }: Home): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const rest = name.startsWith(`${START}.${host}.`) ? name.slice(START.length + host.length + 2) : '';
    const owner = Number(/^(\d+)\.[\w-]+$/.exec(rest)?.[1]);
    if (!Number.isInteger(owner) || (owner !== pid && alive(owner))) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
