import { readFile } from 'node:fs/promises';
import { setImmediate as others } from 'node:timers/promises';
import { type Grade, isTracker, ratingIn, type Ratings } from '@pxa/assistant/security';

/** A scan cannot be made as it was asked for, and why; the person who asked reads it. */
export class ScanFailed extends Error {
  override readonly name = 'ScanFailed';
}

/**
 * How grave vulnerabilities are by the copy of the Debian security tracker that the settings name; nothing where they name
 * none. It is read anew for each scan that needs it, since it is replaced daily. @throws ScanFailed
 */
export async function ratingsFrom(file: string | undefined, ids: ReadonlySet<string>): Promise<Ratings> {
  const ratings = new Map<string, Grade>();
  if (file === undefined || ids.size === 0) return ratings;
  const data = await readFile(file).catch((error: unknown) => {
    throw unreadable(error instanceof Error ? error.message : String(error));
  });
  if (!isTracker(data)) throw unreadable('it is not one JSON object, of packages');
  for (const id of ids) {
    const grade = ratingIn(data, id);
    if (grade !== undefined) ratings.set(id, grade);
    // Each search goes through tens of megabytes: requests come in between.
    await others();
  }
  return ratings;
}

const unreadable = (why: string): ScanFailed =>
  new ScanFailed(`The copy of the Debian security tracker (security_tracker_file) could not be read: ${why}`);
