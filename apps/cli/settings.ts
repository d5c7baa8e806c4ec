import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Thresholds } from '@pxa/assistant';
import { usageError } from './exit.ts';
import { foldersFor } from './folders.ts';
import type { Io } from './io.ts';
import { hasCode } from './private-file.ts';

/** What a person may set for all commands, in `settings.json` beside the saved connections. */
export interface Settings {
  thresholds: Partial<Thresholds>;
}

/** The settings; none where there is no file. A file that is not understood is refused rather than half obeyed. */
export async function readSettings(io: Io, defaults: Thresholds): Promise<Settings> {
  const path = join(foldersFor(io.env).config, 'settings.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw usageError(`${path} cannot be read.`, 'Make it readable, or move it away.');
  });
  return text === undefined ? { thresholds: {} } : parseSettings(text, path, defaults);
}

function parseSettings(text: string, path: string, defaults: Thresholds): Settings {
  const raw = jsonObject(text);
  const example = 'It looks like this: {"thresholds": {"memory": 0.8, "snapshotDays": 14}}';
  if (raw === undefined) throw usageError(`${path} is not a JSON object.`, example);
  const other = Object.keys(raw).find((key) => key !== 'thresholds');
  if (other !== undefined) throw usageError(`${path}: there is no setting "${other}".`, example);
  const given = raw['thresholds'] ?? {};
  if (!isObject(given)) throw usageError(`${path}: "thresholds" is not an object.`, example);
  return { thresholds: checkedThresholds(given, path, defaults) };
}

function checkedThresholds(given: Record<string, unknown>, path: string, defaults: Thresholds): Partial<Thresholds> {
  const limits: Readonly<Record<string, number>> = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    const usual = limits[name];
    if (usual === undefined)
      throw usageError(
        `${path}: there is no threshold "${name}".`,
        `There are: ${Object.keys(limits).join(', ')}; docs/findings.md tells what they mean.`,
      );
    // Those that are shares are below 1 by default; the others count days or percent.
    const most = usual < 1 ? 1 : Infinity;
    if (typeof value !== 'number' || !(value > 0 && value <= most))
      throw usageError(
        `${path}: the threshold "${name}" is ${JSON.stringify(value)}.`,
        most === 1 ? 'It is a share: more than 0, and 1 at most (0.85 is 85%).' : 'It is a number above 0.',
      );
  }
  return given; // each of its keys is a threshold, with a number
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const raw: unknown = JSON.parse(text);
    return isObject(raw) ? raw : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
