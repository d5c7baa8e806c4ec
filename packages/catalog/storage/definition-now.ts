import type { Fact } from '@pxa/contract';
import { asFlag, asList, asText } from '@pxa/pve/values';
import { CannotPlan, factAt, needed, type Planning } from '../kit/index.ts';

/** A storage as it is defined for the cluster. */
export interface DefinitionNow {
  readonly id: string;
  readonly type: string;
  readonly content: readonly string[];
  /** The nodes that it is limited to; none: all of them. */
  readonly nodes: readonly string[];
  readonly enabled: boolean;
  readonly shared: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The storages that are defined. @throws CannotPlan */
export async function definitionsNow(planning: Planning): Promise<DefinitionNow[]> {
  const list = needed(await planning.list('/storage', {}), 'The definitions of storages');
  return list.map(({ data }) => ({
    id: String(data['storage']),
    type: String(data['type']),
    content: asList(data['content']),
    nodes: asList(data['nodes']),
    enabled: asFlag(data['disable']) !== true,
    shared: asFlag(data['shared']) === true,
    data,
  }));
}

/** One of them, by the row id of a storage (`storage/local`, `storage/pve1/local`). @throws CannotPlan */
export async function definitionNow(planning: Planning, target: string): Promise<DefinitionNow> {
  const id = target.slice(target.lastIndexOf('/') + 1);
  const all = await definitionsNow(planning);
  const found = all.find((each) => each.id === id);
  if (found !== undefined) return found;
  const ids = all.map((each) => each.id).join(', ');
  throw new CannotPlan({ why: `No storage is called ${id}.`, next: `There are: ${ids}.`, say: 'list storage' });
}

const letters = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * One of them, by its name as it was said. A storage that is off is in no list of names, so that its name may have been
 * taken apart ("nfs backup"). @throws CannotPlan
 */
export async function definitionCalled(planning: Planning, said: string): Promise<DefinitionNow> {
  const found = (await definitionsNow(planning)).find(({ id }) => letters(id) === letters(said));
  return found ?? definitionNow(planning, said);
}

/** A fact of a storage's definition. */
export function definitionFact(id: string, key: string, is: Fact['is'], how?: Fact['how']): Fact {
  const about = key === 'storage' ? `storage ${id}` : `${key} of storage ${id}`;
  return factAt(about, '/storage', [`[storage=${id}]`, key], is, how === undefined ? {} : { how });
}

/** That a value of its definition is what was read. */
export const sameDefinition = (of: DefinitionNow, key: string): Fact =>
  definitionFact(of.id, key, asText(of.data[key]) ?? null);
