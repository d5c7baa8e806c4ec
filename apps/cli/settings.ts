import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rules, Thresholds } from '@pxa/assistant';
import { usageError } from './exit.ts';
import { foldersFor } from './folders.ts';
import type { Io } from './io.ts';
import { hasCode } from './private-file.ts';

/** What a person may set for all commands, in `settings.json` beside the saved connections. */
export interface Settings {
  thresholds: Partial<Thresholds>;
  /** Who must approve what. */
  approvals: Rules;
  /** What `pxa serve` is told; the service itself reads it. */
  service: unknown;
}

/** The settings; none where there is no file. A file that is not understood is refused rather than half obeyed. */
export async function readSettings(io: Io, defaults: Thresholds): Promise<Settings> {
  const path = join(foldersFor(io.env).config, 'settings.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw usageError(`${path} cannot be read.`, 'Make it readable, or move it away.');
  });
  return text === undefined ? { thresholds: {}, approvals: {}, service: {} } : parseSettings(text, path, defaults);
}

function parseSettings(text: string, path: string, defaults: Thresholds): Settings {
  const raw = jsonObject(text);
  const example = 'It looks like this: {"thresholds": {"memory": 0.8, "snapshotDays": 14}}';
  if (raw === undefined) throw usageError(`${path} is not a JSON object.`, example);
  const other = Object.keys(raw).find((key) => !PARTS.includes(key));
  if (other !== undefined) throw usageError(`${path}: there is no setting "${other}".`, example);
  const given = raw['thresholds'] ?? {};
  if (!isObject(given)) throw usageError(`${path}: "thresholds" is not an object.`, example);
  const approvals = raw['approvals'] ?? {};
  if (!isObject(approvals)) throw usageError(`${path}: "approvals" is not an object.`, APPROVALS);
  return {
    thresholds: checkedThresholds(given, path, defaults),
    approvals: checkedApprovals(approvals, path),
    service: raw['service'],
  };
}

const PARTS: readonly string[] = ['thresholds', 'approvals', 'service'];
const APPROVALS =
  'It looks like this: {"approvals": {"minutes": 15, "needed": {"destructive": 2}, "tags": {"production": 2}, "requesterMay": false}}';
const RISKS: readonly string[] = ['change', 'disruptive', 'destructive'];
const MOST_MINUTES = 24 * 60;
const MOST_PEOPLE = 20;

function checkedApprovals(given: Record<string, unknown>, path: string): Rules {
  const wrong = (what: string): never => {
    throw usageError(`${path}: ${what}`, APPROVALS);
  };
  const people = (name: string, value: unknown): Record<string, number> => {
    if (value === undefined) return {};
    if (!isObject(value)) return wrong(`"${name}" is not an object.`);
    for (const [key, number] of Object.entries(value)) {
      if (name === 'needed' && !RISKS.includes(key)) wrong(`there is no risk "${key}".`);
      const isCount = typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= MOST_PEOPLE;
      if (!isCount)
        wrong(`"${name}.${key}" is ${JSON.stringify(number)}, not a number of people from 1 to ${MOST_PEOPLE}.`);
    }
    return value as Record<string, number>; // each of its values was checked
  };
  const { minutes, needed, tags, requesterMay, ...others } = given;
  const [other] = Object.keys(others);
  if (other !== undefined) wrong(`there is no setting "approvals.${other}".`);
  const isTime = minutes === undefined || (typeof minutes === 'number' && minutes > 0 && minutes <= MOST_MINUTES);
  if (!isTime) wrong(`"minutes" is ${JSON.stringify(minutes)}: more than 0, and ${MOST_MINUTES} (a day) at most.`);
  if (requesterMay !== undefined && typeof requesterMay !== 'boolean')
    wrong('"requesterMay" is neither true nor false.');
  return {
    ...(typeof minutes === 'number' ? { windowSeconds: minutes * 60 } : {}),
    needed: people('needed', needed),
    byTag: people('tags', tags),
    ...(typeof requesterMay === 'boolean' ? { requesterMay } : {}),
  };
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
