import { guestsIn } from '../guests/asked.ts';
import { CannotPlan, needed, type Planning } from '../kit/index.ts';
import type { DefinitionNow } from './definition-now.ts';
import { usesOf } from './volumes-now.ts';

/**
 * The guests whose configuration names something on a storage, in words; only those on other nodes than `but`, where
 * given. @throws CannotPlan where a configuration could not be read: nobody may take a storage away on a guess.
 */
export async function guestsOn(
  planning: Planning,
  { id }: DefinitionNow,
  but: readonly string[] = [],
): Promise<string[]> {
  const { uses, unread } = await usesOf(planning, (volid) => volid.startsWith(`${id}:`));
  const [why] = unread;
  if (why !== undefined) {
    throw new CannotPlan({
      why: `Whether guests lie on storage ${id} could not be read: ${why}`,
      next: 'Ask again once that can be read.',
    });
  }
  const guests = guestsIn(needed(await planning.list('/cluster/resources', {}), 'The list of guests'));
  const there = new Set(guests.filter(({ node }) => !but.includes(node)).map(({ vmid }) => vmid));
  return [...new Set(uses.filter(({ vmid }) => there.has(vmid)).map(({ title }) => title))];
}
