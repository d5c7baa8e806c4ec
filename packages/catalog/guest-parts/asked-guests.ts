import { asFlag, asText } from '@pxa/pve/values';
import { baseText, type Cell, draft, type Draft, pointer, type Reading, type Rec, type Unknown } from '../kit/index.ts';
import { configOf } from '../guests/rows.ts';

/**
 * The guests that a question about their parts is about, by what it narrows. Templates are left out unless it names
 * guests or asks about templates.
 */
export async function askedGuests(reading: Reading): Promise<readonly Draft[]> {
  const narrowed = ['guest', 'node', 'vmid', 'guest_name', 'guest_type', 'pool'].flatMap((column) => {
    const only = reading.only(column);
    return only === undefined ? [] : [{ column, only: only.map((value) => String(value).toLowerCase()) }];
  });
  const named = narrowed.some(({ column }) => ['guest', 'vmid', 'guest_name'].includes(column));
  const withTemplates = named || reading.wants('template');
  const guests = await reading.rows('guests');
  return guests
    .filter((guest) => withTemplates || !isTemplate(guest))
    .filter((guest) => narrowed.every(({ column, only }) => only.includes(valueOf(guest, column).toLowerCase())));
}

const isTemplate = (guest: Draft): boolean => asFlag(Number(baseText(guest, 'template') || 0)) === true;

const fields: Readonly<Record<string, string>> = {
  node: 'node',
  vmid: 'vmid',
  guest_name: 'name',
  guest_type: 'type',
  pool: 'pool',
};

function valueOf(guest: Draft, column: string): string {
  return column === 'guest' ? guest.id : baseText(guest, fields[column] ?? column);
}

/**
 * The parts of each guest that the question is about, from its configuration: one call a guest, side by side. A guest
 * whose configuration cannot be read costs its parts and is named as lacking.
 */
export async function partsOfGuests(
  reading: Reading,
  about: string,
  make: (config: Rec, guest: Draft) => Draft[],
): Promise<Draft[]> {
  const guests = await askedGuests(reading);
  const lists = await reading.each(guests, async (guest) => {
    const config: Rec | Unknown = await configOf(reading, guest);
    if ('unknown' in config) {
      reading.lacks(`${about} of ${nameOf(guest)}`, config.unknown);
      return [];
    }
    return make(config, guest);
  });
  return lists.flat();
}

/** How a guest is called in a sentence: `web-01 (101)`. */
export function nameOf(guest: Draft): string {
  const [name, vmid] = [baseText(guest, 'name'), baseText(guest, 'vmid')];
  return name ? `${name} (${vmid})` : vmid;
}

/** A part as a row: the guest's own cells, and those of the part. */
export function part(id: string, rec: Rec, guest: Draft, cells: Readonly<Record<string, Cell>>): Draft {
  return draft(id, rec, { ...guestCells(guest), ...cells });
}

function guestCells(guest: Draft): Record<string, Cell> {
  const base = guest.recs['base'];
  if (base === undefined || 'unknown' in base) return {};
  const cell = (key: string, value: Cell['value']): Cell => ({ value, at: pointer(base.at, key) });
  const field = (key: string): Cell => cell(key, asText(base.data[key]));
  const name = field('name');
  return {
    guest: cell('id', guest.id),
    vmid: cell('vmid', Number(base.data['vmid'])),
    ...(name.value === null ? {} : { guest_name: name }),
    guest_type: field('type'),
    node: field('node'),
    status: field('status'),
    template: cell('template', asFlag(base.data['template']) === true),
    pool: cell('pool', asText(base.data['pool']) ?? ''),
    tags: cell('tags', (asText(base.data['tags']) ?? '').split(/[;, ]+/).filter(Boolean)),
  };
}
