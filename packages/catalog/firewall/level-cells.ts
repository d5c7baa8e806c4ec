import { asText } from '@pxa/pve/values';
import { type Cell, type ColumnDef, given, isUnknown, pointer } from '../kit/index.ts';
import { type Level, nameOfLevel } from './levels.ts';

/** The cells that tell which level a row is of; `at` is the call that gave it. */
export function levelCells(level: Level, at: string): Record<string, Cell> {
  const cells: Record<string, Cell> = {
    level: { value: level.level, at },
    of: { value: nameOfLevel(level), at },
  };
  if (level.level === 'node') return { ...cells, node: { value: level.node.node, at: pointer(level.node.at, 'node') } };
  const base = level.level === 'guest' ? level.guest.recs['base'] : undefined;
  if (level.level !== 'guest' || base === undefined || isUnknown(base)) return cells;
  const field = (key: string): Cell => ({ value: asText(base.data[key]), at: pointer(base.at, key) });
  return {
    ...cells,
    guest: { value: level.guest.id, at: pointer(base.at, 'id') },
    vmid: { value: Number(base.data['vmid']), at: pointer(base.at, 'vmid') },
    guest_node: field('node'),
    guest_type: field('type'),
    guest_name: base.data['name'] === undefined ? field('vmid') : field('name'),
  };
}

/** The columns that tell which level a row is of. */
export const levelColumns: Record<string, ColumnDef> = {
  level: given('LEVEL', 'level', 'text', 'text', {
    words: 'level|scope',
    values: {
      datacenter: 'datacenter|data center|cluster wide|cluster level|global',
      node: 'node level|host level',
      guest: 'guest level|vm level',
    },
  }),
  of: given('OF', 'of', 'text', 'text'),
  node: given('NODE', 'node', 'text', 'text', { names: 'node' }),
  guest: given('GUEST ID', 'guest', 'text', 'text', { names: 'guest' }),
  vmid: given('VMID', 'vmid', 'number', 'count'),
  guest_name: given('GUEST', 'guest_name', 'text', 'text', { words: 'guest name' }),
  guest_type: given('GUEST TYPE', 'guest_type', 'text', 'text', {
    values: { qemu: 'vm|virtual machine', lxc: 'container|ct|lxc' },
  }),
  guest_node: given('GUEST NODE', 'guest_node', 'text', 'text'),
};
