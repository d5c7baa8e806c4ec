import type { Fact } from '@pxa/contract';
import { action, already, anyNode, call, factAt, piece, type Planned, type Planning } from '../kit/index.ts';
import { membersOf, mustExist } from './pool-now.ts';

/** A storage that is put into a pool, or taken out of it. */
async function storagePlan(planning: Planning, storage: string, pool: string, wanted: boolean): Promise<Planned> {
  await mustExist(planning, pool);
  const isIn = (await membersOf(planning, pool)).some(({ data }) => data['storage'] === storage);
  if (isIn === wanted) return already(`Storage ${storage} is ${wanted ? '' : 'not '}in pool ${pool}.`);
  const says = wanted ? `Put storage ${storage} into pool ${pool}` : `Take storage ${storage} out of pool ${pool}`;
  const step = call('PUT', '/pools', { poolid: pool, storage, ...(wanted ? {} : { delete: true }) }, says);
  const fact = (is: boolean): Fact =>
    factAt(
      `storage ${storage} of pool ${pool}`,
      '/pools',
      ['0', 'members', `[storage=${storage}]`, 'storage'],
      is ? storage : null,
      { params: { poolid: pool } },
    );
  return piece({
    says,
    steps: [
      { ...step, node: await anyNode(planning), limitSeconds: 60, relies: [fact(!wanted)], expects: [fact(wanted)] },
    ],
    changes: [
      { about: `pool ${pool}`, key: 'storage', before: wanted ? null : storage, after: wanted ? storage : null },
    ],
  });
}

const storageInput = { storage: { kind: 'storage', say: [] }, pool: { kind: 'pool', say: [] } } as const;

export const addStorageMember = action({
  id: 'pool.add_storage',
  verb: 'put the storage into a pool',
  risk: 'change',
  say: ['(add|put|assign) storage {storage} (to|in|into) [resource] {pool}'],
  input: storageInput,
  plan: (planning, { input: { storage = '', pool = '' } }) => storagePlan(planning, storage, pool, true),
  examples: [
    { say: 'add storage nfs-backup to pool production', sends: ['PUT /pools poolid=production storage=nfs-backup'] },
    { say: 'add storage local-zfs to pool development', sends: 'answer' },
    { say: 'add storage backup-pool to pool production', sends: ['PUT /pools poolid=production storage=backup-pool'] },
  ],
});

export const removeStorageMember = action({
  id: 'pool.remove_storage',
  verb: 'take the storage out of a pool',
  risk: 'change',
  say: ['(remove|take|drop) storage {storage} (from|out of) [resource] {pool}'],
  input: storageInput,
  plan: (planning, { input: { storage = '', pool = '' } }) => storagePlan(planning, storage, pool, false),
  examples: [
    {
      say: 'remove storage local-zfs from pool development',
      sends: ['PUT /pools poolid=development storage=local-zfs delete=1'],
    },
    { say: 'take storage nfs-backup out of pool production', sends: 'answer' },
    { say: 'remove storage nothing from pool development', sends: 'clarification' },
  ],
});
