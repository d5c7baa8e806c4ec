import type { EntityKind } from '@pxa/catalog';
import { isNameLike } from '../clarify.ts';
import { entitiesAt } from '../rules-names.ts';
import type { Sentence } from '../sentence.ts';
import { type Candidate, problemCost } from './problem.ts';
import { saysNothing } from './words.ts';

/** The words that may stand before or behind the name of a thing of a kind. */
const kindNouns: Readonly<Partial<Record<EntityKind, RegExp>>> = {
  node: /^(node|host|server|hypervisor|machine)$/,
  storage: /^(storage|datastore|store|pool)$/,
  pool: /^pool$/,
  user: /^(user|account)$/,
  bridge: /^bridge$/,
};

/** The name of a node, storage, pool, user or bridge that exists; one that nothing bears is asked about. */
export function thingsAt(s: Sentence, at: number, kind: EntityKind): Candidate<string>[] {
  const nouns = kindNouns[kind];
  let place = at;
  while (/^(the|our|my)$/.test(s.word(place))) place++;
  const typed = nouns?.test(s.tokens[place]?.stem ?? '') === true && s.tokens[place]?.quoted === false;
  if (typed && s.tokens[place + 1] !== undefined) {
    place = s.skip(place + 1, new Set(['named', 'called']));
    const found = thingAt(s, place, kind, true);
    if (found.length > 0) return found;
    place = at;
  }
  return thingAt(s, place, kind, false).map((each) =>
    nouns?.test(s.tokens[each.end]?.stem ?? '') === true && each.problem === undefined
      ? { ...each, end: each.end + 1 }
      : each,
  );
}

function thingAt(s: Sentence, at: number, kind: EntityKind, typed: boolean): Candidate<string>[] {
  const token = s.tokens[at];
  if (token === undefined || token.word === ',') return [];
  const bearers = entitiesAt(s, at).filter((entity) => entity.kind === kind);
  const [first, ...others] = bearers;
  // "anna", where there are anna@pve and anna@pam.
  if (first && kind === 'user' && others.length > 0)
    return [
      {
        end: at + 1,
        value: first.key,
        cost: problemCost,
        problem: { p: 'ambiguous', said: token.text, entities: bearers },
      },
    ];
  if (first) return [{ end: at + 1, value: kind === 'user' ? first.key : first.name, cost: 0 }];
  // Bridges are not in the inventory; users there are only by their form.
  if (kind === 'bridge') {
    const isSure = /^(vmbr|br|bond|ovs)[\w.-]*\d$/.test(token.word);
    return saysNothing(s, at) ? [] : [{ end: at + 1, value: token.text, cost: isSure ? 0 : 0.8 }];
  }
  // Users are among the names that are known only where words mean nothing without them.
  if (kind === 'user' && (!typed || !/^[a-z][\w.-]*$/i.test(token.text))) return [];
  if (!typed && !isStrange(s, at)) return [];
  if (typed && saysNothing(s, at)) return [];
  const problem = { p: 'name', said: token.text, kinds: [kind] } as const;
  return [{ end: at + 1, value: token.text, cost: problemCost, problem }];
}

/** Whether a word can only be a name that nothing bears: no word of ours, no number, nothing else's name. */
export function isStrange(s: Sentence, at: number): boolean {
  const token = s.tokens[at];
  if (token === undefined || !/^[\w@][\w.@:!-]*$/.test(token.word)) return false;
  if (token.quoted) return true;
  if (entitiesAt(s, at).length > 0 || saysNothing(s, at)) return false;
  if (s.phrases(at).length > 0 || s.cores(at).length > 0) return false;
  return isNameLike(s, token.word, at) || s.inventory.nearest(token.word, 1).length > 0;
}
