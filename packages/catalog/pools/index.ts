import { addMember, createPool, deletePool, removeMember } from './actions.ts';
import { capability } from '../kit/index.ts';
import { examples } from './examples.ts';
import { addStorageMember, removeStorageMember } from './storage-members.ts';
import { poolMembers } from './members.ts';
import { pools } from './pools.ts';

export const poolsCapability = capability({
  id: 'pools',
  title: 'Resource pools',
  datasets: [pools, poolMembers],
  examples,
  actions: [createPool, deletePool, addMember, removeMember, addStorageMember, removeStorageMember],
});
