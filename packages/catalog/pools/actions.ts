import { asText } from '@pxa/pve/values';
import {
  action,
  already,
  anyNode,
  call,
  listedFact,
  needed,
  piece,
  type Planned,
  type Planning,
  refused,
} from '../kit/index.ts';
import { membersOf, mustExist, poolFact, poolsNow } from './pool-now.ts';

/** A pool's id: up to three names between slashes (pve-access-control AccessControl.pm, verify_poolname). */
const NAME = /^[A-Za-z0-9\-_]+(\/[A-Za-z0-9\-_]+){0,2}$/;

export const createPool = action({
  id: 'pool.create',
  verb: 'create the pool',
  risk: 'change',
  say: [
    '(create|add|make|set up) [new] (pool|resource pool) [called|named] {name} {*}',
    '(create|add|make|set up) [new] (pool|resource pool) {+}',
  ],
  input: {
    name: { kind: 'name', say: ['(called|named) {}'], ask: 'What is the pool to be called?' },
    members: { kind: 'guests', say: ['(with|for|holding|of) [guest|guests|vm|vms] {}'] },
    comment: { kind: 'text', say: ['(with|and) (comment|description|note) {}'] },
  },
  async plan(planning, { input }): Promise<Planned> {
    const { name = '', comment, members = [] } = input;
    const pools = await poolsNow(planning);
    if (pools.includes(name)) return already(`There is a pool ${name}.`);
    const parent = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : undefined;
    if (!NAME.test(name))
      return refused({
        why: `“${name}” is no name for a pool: letters, digits, - and _.`,
        next: 'Choose another name.',
      });
    if (parent !== undefined && !pools.includes(parent))
      return refused({
        why: `There is no pool ${parent} for it to be in.`,
        next: `Make that first: “create pool ${parent}”.`,
        say: `create pool ${parent}`,
      });
    const guests = await Promise.all(members.map((id) => planning.guest(id)));
    const node = await anyNode(planning);
    const says = `Create pool ${name}`;
    const made = call('POST', '/pools', { poolid: name, ...(comment === undefined ? {} : { comment }) }, says);
    const vms = guests.map(({ vmid }) => vmid).join(',');
    const filled = call('PUT', '/pools', { poolid: name, vms, 'allow-move': true }, `Put ${vms} into it`);
    return piece({
      says,
      steps: [
        { ...made, node, limitSeconds: 60, relies: [poolFact(name, null)], expects: [poolFact(name, name)] },
        ...(guests.length === 0
          ? []
          : [{ ...filled, node, limitSeconds: 60, expects: guests.map((guest) => listedFact(guest, 'pool', name)) }]),
      ],
      changes: [{ about: 'pools', key: name, before: null, after: vms === '' ? 'empty' : vms }],
    });
  },
  examples: [
    { say: 'create a pool called staging', sends: ['POST /pools poolid=staging'] },
    {
      say: 'create pool lab with build-agent and dev-sandbox',
      sends: ['POST /pools poolid=lab', 'PUT /pools poolid=lab vms=104,203'],
    },
    { say: 'create pool production', sends: 'answer' },
    { say: 'create pool bad.name', sends: 'clarification' },
  ],
});

export const deletePool = action({
  id: 'pool.delete',
  verb: 'delete the pool',
  risk: 'destructive',
  on: { dataset: 'pools' },
  say: ['(delete|remove|drop|get rid of) (pool|resource pool) {on}'],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const pool = target.slice(target.indexOf('/') + 1);
    await mustExist(planning, pool);
    const members = await membersOf(planning, pool);
    if (members.length > 0) {
      const names = members.map(
        ({ data }) => asText(data['name']) ?? asText(data['storage']) ?? asText(data['vmid']) ?? '',
      );
      const say = `show the members of pool ${pool}`;
      return refused({
        why: `Pool ${pool} is not empty: ${names.join(', ')}.`,
        next: `Take them out of it first: “remove … from pool ${pool}”.`,
        say,
      });
    }
    const says = `Delete pool ${pool}`;
    const step = call('DELETE', '/pools', { poolid: pool }, says);
    return piece({
      says,
      steps: [
        {
          ...step,
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [poolFact(pool, pool)],
          expects: [poolFact(pool, null)],
        },
      ],
      loses: [`pool ${pool}, with the permissions that were given on it`],
      changes: [{ about: 'pools', key: pool, before: 'empty', after: null }],
      confirm: pool,
    });
  },
  examples: [
    { say: 'delete pool production', sends: 'clarification' },
    { say: 'remove the pool kubernetes', sends: 'clarification' },
    { say: 'delete pool nothing', sends: 'clarification' },
  ],
});

export const addMember = action({
  id: 'pool.add_member',
  verb: 'put into a pool',
  risk: 'change',
  on: { dataset: 'guests' },
  say: ['(add|put|move|assign|place) {on} (to|in|into) [resource] {pool}'],
  input: { pool: { kind: 'pool', say: [], ask: 'Into which pool?' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { pool = '' } = input;
    await mustExist(planning, pool);
    const before = await poolOf(planning, target);
    if (before === pool) return already(`${guest.title} is in pool ${pool}.`);
    const says = `Put ${guest.title} into pool ${pool}`;
    const sent = { poolid: pool, vms: String(guest.vmid), ...(before === undefined ? {} : { 'allow-move': true }) };
    const step = call('PUT', '/pools', sent, says);
    return piece({
      says,
      steps: [
        {
          ...step,
          node: guest.node,
          limitSeconds: 60,
          relies: [listedFact(guest, 'pool', before ?? null), poolFact(pool, pool)],
          expects: [listedFact(guest, 'pool', pool)],
        },
      ],
      warnings: [
        `Whoever has permissions on pool ${pool} then has them on ${guest.title}${before === undefined ? '' : `, and those of pool ${before} lose theirs`}; backup jobs of pools take it accordingly.`,
      ],
      changes: [{ about: guest.title, key: 'pool', before: before ?? null, after: pool }],
      undo:
        before === undefined
          ? { action: 'pool.remove_member', input: {} }
          : { action: 'pool.add_member', input: { pool: before } },
    });
  },
  examples: [
    { say: 'add dc01-win2022 to pool production', sends: 'answer' },
    { say: 'put wazuh-agent-ct into pool production', sends: ['PUT /pools poolid=production vms=204'] },
    { say: 'move build-agent to the production pool', sends: ['PUT /pools poolid=production vms=104 allow-move=1'] },
    { say: 'add build-agent to pool nowhere', sends: 'clarification' },
  ],
});

/** The pool of a guest, from the cluster's list. */
async function poolOf(planning: Planning, id: string): Promise<string | undefined> {
  const rows = needed(await planning.list('/cluster/resources', {}), 'The list of guests');
  return asText(rows.find(({ data }) => data['id'] === id)?.data['pool']) ?? undefined;
}

export const removeMember = action({
  id: 'pool.remove_member',
  verb: 'take out of its pool',
  risk: 'change',
  on: { dataset: 'guests' },
  say: [
    '(remove|take|drop) {on} (from|out of) [resource] {pool}',
    '(remove|take|drop) {on} (from|out of) (its|their) (pool|pools)',
  ],
  input: { pool: { kind: 'pool', say: [] } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const pool = await poolOf(planning, target);
    if (pool === undefined) return already(`${guest.title} is in no pool.`);
    if (input.pool !== undefined && input.pool !== pool)
      return already(`${guest.title} is not in pool ${input.pool}, but in ${pool}.`);
    const says = `Take ${guest.title} out of pool ${pool}`;
    const step = call('PUT', '/pools', { poolid: pool, vms: String(guest.vmid), delete: true }, says);
    return piece({
      says,
      steps: [
        {
          ...step,
          node: guest.node,
          limitSeconds: 60,
          relies: [listedFact(guest, 'pool', pool)],
          expects: [listedFact(guest, 'pool', null)],
        },
      ],
      warnings: [
        `Whoever had permissions on it through pool ${pool} loses them; backup jobs of that pool leave it out.`,
      ],
      changes: [{ about: guest.title, key: 'pool', before: pool, after: null }],
      undo: { action: 'pool.add_member', input: { pool } },
    });
  },
  examples: [
    { say: 'remove build-agent from pool development', sends: ['PUT /pools poolid=development vms=104 delete=1'] },
    { say: 'take wazuh-agent-ct out of its pool', sends: 'answer' },
    { say: 'remove app-server-prod from pool production', sends: ['PUT /pools poolid=production vms=101 delete=1'] },
  ],
});
