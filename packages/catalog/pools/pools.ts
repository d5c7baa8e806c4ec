import { asObject, asText } from '@pxa/pve/values';
import {
  compare,
  computed,
  dataset,
  type Draft,
  extracted,
  given,
  is,
  type Reading,
  type Rec,
  text,
  type Unknown,
} from '../kit/index.ts';
import { poolRows } from './pool-rows.ts';

/** Resource pools, and what their guests add up to. */
export const pools = dataset({
  id: 'pools',
  title: 'Pools',
  counted: 'count',
  weight: 5,
  entity: 'pool',
  nouns: [{ words: 'pool|resource pool|guest pool|vm pool', title: 'Pools' }],
  rows: poolRows,
  details: { record: recordOf, list: listedOf },
  columns: {
    pool: text('POOL', 'pool', { words: 'name|pool name|pool id', names: 'pool' }),
    guests: given('GUESTS', 'guests', 'number', 'guests', { words: 'guest count|number of guests' }),
    running: given('RUNNING', 'running', 'number', 'guests', { words: 'running guest' }),
    templates: given('TEMPLATES', 'templates', 'number', 'count'),
    vcpus: given('VCPUS', 'vcpus', 'number', 'vcpus'),
    mem: given('MEM', 'mem', 'number', 'bytes'),
    maxmem: given('MAX MEM', 'maxmem', 'number', 'bytes'),
    mem_share: computed(
      'MEM %',
      ['mem', 'maxmem'],
      { unit: 'fraction', formula: 'mem / maxmem' },
      (used: number, total: number) => (total > 0 ? used / total : null),
    ),
    maxdisk: given('DISK', 'maxdisk', 'number', 'bytes'),
    guest_ids: given('GUEST IDS', 'guest_ids', 'list', 'text', { names: 'guest' }),
    comment: text('COMMENT', 'comment', { from: 'list', words: 'comment|description|note', absent: '' }),
    storages: extracted(
      'STORAGES',
      'list',
      'text',
      'record',
      (data) => {
        const members = Array.isArray(data['members']) ? data['members'].map(asObject) : [];
        const found = members.filter((member) => member?.['type'] === 'storage');
        return { value: found.map((member) => asText(member?.['storage']) ?? ''), keys: ['members'] };
      },
      { words: 'storage|storage member|member storage' },
    ),
    members: extracted(
      'MEMBERS',
      'number',
      'count',
      'record',
      (data) => ({ value: Array.isArray(data['members']) ? data['members'].length : 0, keys: ['members'] }),
      { words: 'member count|number of members|member' },
    ),
  },
  identity: ['pool'],
  shown: ['pool', 'comment', 'guests', 'running', 'vcpus', 'mem', 'maxmem', 'maxdisk'],
  named: 'pool',
  scopes: { pool: 'pool', guest: 'guest_ids' },
  quantities: [
    { words: 'memory|ram|mem', plain: 'mem', used: 'mem', total: 'maxmem', share: 'mem_share' },
    { words: 'vcpu|core|cpu|processor', plain: 'vcpus', total: 'vcpus', used: 'vcpus' },
    { words: 'disk|disk space|space', plain: 'maxdisk', total: 'maxdisk', used: 'maxdisk' },
    { words: 'guest|member', plain: 'guests', total: 'guests' },
    { words: 'running guest', plain: 'running' },
  ],
  grades: [
    { words: 'big|large', column: 'guests', dir: 'desc' },
    { words: 'small', column: 'guests', dir: 'asc' },
  ],
  phrases: [
    {
      say: 'empty|unused|without (any)? members|(with|has|have|having) no members|without guests or storages',
      where: is('members', 0),
      not: compare('members', '>', 0),
      focus: ['members', 'comment'],
    },
    {
      say: 'without (any)? (guests|vms|machines)|(with|has|have|having) no (guests|vms|machines)',
      where: is('guests', 0),
      not: compare('guests', '>', 0),
    },
    { say: 'without a comment|without comment|undescribed', where: is('comment', ''), focus: ['comment'] },
  ],
  order: [{ column: 'pool', dir: 'asc' }],
});

/** The pool's line in the list of pools, which alone tells comments: one call for all. */
async function listedOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  const got = await reading.list('/pools', {});
  if (!got.ok) return { unknown: got.why };
  const found = got.data.find(({ data }) => `pool/${asText(data['poolid']) ?? ''}` === row.id);
  return found ?? { unknown: 'Proxmox does not list the pool' };
}

/** The pool with its members: one call a pool. */
async function recordOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  const got = await reading.list('/pools', { poolid: row.id.slice('pool/'.length) });
  if (!got.ok) return { unknown: got.why };
  return got.data[0] ?? { unknown: 'Proxmox does not show the pool' };
}
