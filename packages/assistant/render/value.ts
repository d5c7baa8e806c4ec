import type { Unit, Value, View } from '@pxa/contract';
import { harmless } from './text.ts';
import { decimal, formatValue } from './units.ts';

const NAMES: Record<string, string> = {
  sum: 'Total',
  avg: 'Average',
  min: 'Lowest',
  max: 'Highest',
  share: 'Share',
};

const UNITS: Record<Unit, true> = {
  bytes: true,
  fraction: true,
  seconds: true,
  time: true,
  count: true,
  rate: true,
  guests: true,
  nodes: true,
  vcpus: true,
  mhz: true,
  days: true,
  yes_no: true,
  text: true,
};

function isUnit(name: string): name is Unit {
  return Object.hasOwn(UNITS, name);
}

/** The one figure of a "how many", "total" or yes/no question as a sentence; yes/no answers begin with yes or no. */
export function valueSentence(value: Value, view: View, timeZone: string): string {
  const title = harmless(view.title).replace(/[:.?\s]+$/, '');
  const of = value.of.split(/[ (]/)[0] ?? '';
  if (value.unit === 'yes_no' || of === 'any' || of === 'all') return yesOrNo(value.number, title);
  if (value.number === null) return `Unknown: ${title === '' ? 'not enough was read to tell' : title}`;
  const figure = formatFigure(value.number, value.unit, timeZone);
  if (title !== '') return `${title}: ${figure}`;
  const name = NAMES[of];
  return name === undefined ? figure : `${name}: ${figure}`;
}

function yesOrNo(number: number | null, title: string): string {
  const word = number === null ? 'Unknown' : number === 0 ? 'No' : 'Yes';
  return title === '' ? word : `${word} — ${title}`;
}

/** A figure with the name of its unit: `5 guests`, `46 GB`, `23%`. */
function formatFigure(number: number, unit: string, timeZone: string): string {
  if (unit === 'guests' || unit === 'nodes') return counted(number, unit.slice(0, -1));
  if (unit === 'vcpus') return `${decimal(number, 1)} ${number === 1 ? 'vCPU' : 'vCPUs'}`;
  if (isUnit(unit)) return formatValue(number, unit, timeZone);
  return `${decimal(number, 2)} ${harmless(unit)}`.trim();
}

function counted(number: number, one: string): string {
  return `${decimal(number, 2)} ${number === 1 ? one : `${one}s`}`;
}
