import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import type { AccessPool } from '../access.ts';
import type { Row } from '../state/model.ts';
import { textParam } from './common.ts';
import { resourcesOf } from './resources.ts';

/** Pools and what is in them. */
export const pools: Behaviours = {
  'GET /pools': (call) => {
    const wanted = textParam(call, 'poolid');
    const visible = call.state.access.pools.filter(({ poolid }) => call.access.can(`/pool/${poolid}`, 'Pool.Audit'));
    if (wanted === undefined) return visible.map(summary);
    const pool = visible.find(({ poolid }) => poolid === wanted);
    return pool ? [{ ...summary(pool), members: members(call, pool) }] : [];
  },
  'GET /pools/{poolid}': (call) => {
    const wanted = textParam(call, 'poolid') ?? '';
    const pool = call.state.access.pools.find(({ poolid }) => poolid === wanted);
    if (!pool) throw new PveError(500, `pool '${wanted}' does not exist\n`);
    const { poolid: _id, ...rest } = summary(pool);
    return { ...rest, members: members(call, pool) };
  },
};

function summary({ poolid, comment }: AccessPool): Row {
  return { poolid, ...(comment === undefined ? {} : { comment }) };
}

/** Members as rows of /cluster/resources; a storage once, by the first node that offers it. */
function members(call: Call, pool: AccessPool): Row[] {
  const type = textParam(call, 'type');
  const ids = new Set(pool.vms.map(Number));
  const guests = resourcesOf(call, 'vm').filter((row) => ids.has(Number(row['vmid'])));
  const storages = resourcesOf(call, 'storage').filter((row) => pool.storage.includes(String(row['storage'])));
  const shared = new Set<unknown>();
  const each = storages.filter((row) => {
    if (row['shared'] !== 1) return true;
    const first = !shared.has(row['storage']);
    shared.add(row['storage']);
    return first;
  });
  return [...guests, ...each].filter((row) => type === undefined || row['type'] === type);
}
