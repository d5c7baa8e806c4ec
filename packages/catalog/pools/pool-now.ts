import type { Fact } from '@pxa/contract';
import { CannotPlan, factAt, needed, type Planning, type Rec } from '../kit/index.ts';

/** The ids of all pools. @throws CannotPlan */
export async function poolsNow(planning: Planning): Promise<string[]> {
  return needed(await planning.list('/pools', {}), 'The pools').map(({ data }) => String(data['poolid']));
}

/** @throws CannotPlan where there is no such pool */
export async function mustExist(planning: Planning, pool: string): Promise<void> {
  const pools = await poolsNow(planning);
  if (pools.includes(pool)) return;
  const say = `create pool ${pool}`;
  throw new CannotPlan({
    why: `No pool is called ${pool}.`,
    next: `There are: ${pools.join(', ') || 'none'}. To make it: “${say}”.`,
    say,
  });
}

/** That a pool is there, by its id; or, by null, that it is not. */
export const poolFact = (pool: string, is: Fact['is']): Fact =>
  factAt(`pool ${pool}`, '/pools', [`[poolid=${pool}]`, 'poolid'], is);

/** What a pool holds: guests by their numbers, storages by their names. */
export async function membersOf(planning: Planning, poolid: string): Promise<readonly Rec[]> {
  const [pool] = needed(await planning.list('/pools', { poolid }), `The members of pool ${poolid}`);
  const members: unknown = pool?.data['members'];
  const isRow = (row: unknown): row is Rec['data'] => typeof row === 'object' && row !== null;
  return Array.isArray(members) ? members.filter(isRow).map((data) => ({ data, at: '' })) : [];
}
