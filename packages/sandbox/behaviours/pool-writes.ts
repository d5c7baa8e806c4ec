import { asFlag, asList } from '../access-change.ts';
import type { AccessConfig, AccessPool } from '../access.ts';
import { PveError, type Behaviours, type Call, type Handler } from '../behaviour.ts';
import { text } from './access-writes.ts';
import { textParam } from './common.ts';
import { withPrefix } from './config-change.ts';

/** Changes of pools and their members: PVE::API2::Pool. The routes with the id in the path are the older ones. */
export const poolWrites: Behaviours = {
  'POST /pools': changing('create pool failed', (config, call) => {
    const poolid = text(call, 'poolid');
    if (findPool(config, poolid)) throw new Error(`pool '${poolid}' already exists`);
    const parent = /^(.*)\/[^/]+$/.exec(poolid)?.[1];
    if (parent !== undefined && !findPool(config, parent)) {
      throw new Error(`parent '${parent}' of pool '${poolid}' does not exist`);
    }
    const comment = textParam(call, 'comment');
    const pool: AccessPool = { poolid, vms: [], storage: [], ...(comment ? { comment } : {}) };
    return { ...config, pools: [...config.pools, pool] };
  }),
  'PUT /pools': changing('update pools failed', update),
  'PUT /pools/{poolid}': changing('update pools failed', update),
  'DELETE /pools': changing('delete pool failed', remove),
  'DELETE /pools/{poolid}': changing('delete pool failed', remove),
};

function changing(failure: string, work: (config: AccessConfig, call: Call) => AccessConfig): Handler {
  return (call) =>
    withPrefix(failure, () => {
      call.state.access = work(call.state.access, call);
      return null;
    });
}

function findPool(config: AccessConfig, poolid: string): AccessPool | undefined {
  return config.pools.find((pool) => pool.poolid === poolid);
}

function knownPool(config: AccessConfig, poolid: string): AccessPool {
  const pool = findPool(config, poolid);
  if (!pool) throw new Error(`pool '${poolid}' does not exist`);
  return pool;
}

function update(config: AccessConfig, call: Call): AccessConfig {
  const poolid = text(call, 'poolid');
  const before = knownPool(config, poolid);
  const comment = textParam(call, 'comment');
  const commented = comment === undefined ? before : { ...before, comment };
  let pools: Pools = config.pools.map((pool) => (pool === before ? commented : pool));
  for (const vmid of asList(call.params['vms'])) pools = withGuest(pools, call, poolid, Number(vmid));
  for (const storage of asList(call.params['storage'])) pools = withStorage(pools, call, poolid, storage);
  return { ...config, pools: [...pools] };
}

type Pools = readonly AccessPool[];

/** PVE::RPCEnvironment::check_perm_modify. */
function demandModify({ access }: Call, path: string, privilege: string): void {
  const privileges = ['Permissions.Modify', privilege];
  if (access.authid === 'root@pam' || access.canAny(path, privileges)) return;
  throw new PveError(403, `Permission check failed (${path}, ${privileges.join('|')})\n`);
}

function withGuest(pools: Pools, call: Call, poolid: string, vmid: number): Pools {
  demandModify(call, `/vms/${vmid}`, 'VM.Allocate');
  const has = (pool: AccessPool): boolean => pool.vms.some((id) => Number(id) === vmid);
  const owner = pools.find(has);
  const without = (pool: AccessPool): AccessPool => ({ ...pool, vms: pool.vms.filter((id) => Number(id) !== vmid) });
  if (asFlag(call.params['delete']) === 1) {
    if (owner?.poolid !== poolid) throw new Error(`VM ${vmid} is not a pool member`);
    return pools.map((pool) => (pool === owner ? without(pool) : pool));
  }
  if (owner?.poolid === poolid) throw new Error(`VM ${vmid} is already a pool member`);
  if (owner) demandMove(call, vmid, owner.poolid);
  return pools.map((pool) => {
    if (pool === owner) return without(pool);
    return pool.poolid === poolid ? { ...pool, vms: [...pool.vms, vmid] } : pool;
  });
}

/** A guest is in one pool; from another it comes only where that was meant and may be. */
function demandMove(call: Call, vmid: number, from: string): void {
  if (asFlag(call.params['allow-move']) !== 1) {
    throw new Error(`VM ${vmid} belongs already to pool '${from}' and 'allow-move' is not set`);
  }
  const verdict = call.access.check(['perm', `/pool/${from}`, ['Pool.Allocate']], {});
  if (!verdict.ok && call.access.authid !== 'root@pam') throw new PveError(verdict.status, verdict.message);
}

/** Storages may be in several pools. */
function withStorage(pools: Pools, call: Call, poolid: string, storage: string): Pools {
  demandModify(call, `/storage/${storage}`, 'Datastore.Allocate');
  const isMember = pools.some((pool) => pool.poolid === poolid && pool.storage.includes(storage));
  const isDelete = asFlag(call.params['delete']) === 1;
  if (isDelete && !isMember) throw new Error(`Storage '${storage}' is not a pool member`);
  if (!isDelete && isMember) throw new Error(`Storage '${storage}' is already a pool member`);
  return pools.map((pool) => {
    if (pool.poolid !== poolid) return pool;
    const left = pool.storage.filter((id) => id !== storage);
    return { ...pool, storage: isDelete ? left : [...left, storage] };
  });
}

/** Only empty pools go, and their ACL entries with them; members that are gone themselves do not count. */
function remove(config: AccessConfig, call: Call): AccessConfig {
  const poolid = text(call, 'poolid');
  const pool = knownPool(config, poolid);
  const guest = [...pool.vms]
    .map(Number)
    .sort((a, b) => a - b)
    .find((vmid) => call.state.guests.has(vmid));
  if (guest !== undefined) throw new Error(`pool '${poolid}' is not empty (contains VM ${guest})`);
  const storage = [...pool.storage].sort().find((id) => call.state.storages.has(id));
  if (storage !== undefined) throw new Error(`pool '${poolid}' is not empty (contains storage '${storage}')`);
  const inner = config.pools
    .map((one) => one.poolid)
    .sort()
    .find((id) => id.startsWith(`${poolid}/`));
  if (inner !== undefined) throw new Error(`pool '${poolid}' is not empty (contains pool '${inner}')`);
  return {
    ...config,
    pools: config.pools.filter((one) => one !== pool),
    acl: config.acl.filter(({ path }) => path !== `/pool/${poolid}`),
  };
}
