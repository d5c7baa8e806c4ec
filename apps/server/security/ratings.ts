import { readFile } from 'node:fs/promises';
import { type Ratings, ratingsOf } from '@pxa/assistant/security';

/** A scan cannot be made as it was asked for, and why; the person who asked reads it. */
export class ScanFailed extends Error {
  override readonly name = 'ScanFailed';
}

/**
 * The ratings in the copy of the Debian security tracker that the settings name; none where they name none. It is read for
 * each scan that needs it, since it is replaced daily and takes too much memory to keep. @throws ScanFailed
 */
export async function ratingsFrom(file: string | undefined): Promise<Ratings> {
  if (file === undefined) return new Map();
  try {
    return ratingsOf(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ScanFailed(`The copy of the Debian security tracker (security_tracker_file) could not be read: ${why}`);
  }
}
