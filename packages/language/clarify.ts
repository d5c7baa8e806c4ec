import type { Meaning } from '@pxa/contract';
import type { Interpretation, Problem } from './interpretation.ts';
import type { Entity } from './inventory.ts';
import { kindWords } from './lexicon.ts';
import { isMisnamed, kindSaidOf } from './rules-misnamed.ts';
import { entitiesAt } from './rules-names.ts';
import type { Sentence } from './sentence.ts';

type Option = { label: string; say: string };

export function clarification(question: string, options: readonly Option[] = []): Meaning {
  return { kind: 'clarification', clarification: { question, options: [...options] } };
}

export function clarifyNothing(): Meaning {
  return clarification('What would you like to know or have done?', [
    { label: 'list the running VMs', say: 'list the running VMs' },
    { label: 'check the health of the cluster', say: 'check the health of the cluster' },
  ]);
}

export function clarifyHelp(): Meaning {
  const says = [
    'list the running VMs',
    'which node has the most free memory?',
    'guests without a backup',
    'did all backups complete this week?',
    'check the health of the cluster',
  ];
  return clarification(
    'Ask about guests, nodes, storage, backups, tasks and the rest of the cluster in your own words. For example:',
    says.map((say) => ({ label: say, say })),
  );
}

export function clarifyPronoun(): Meaning {
  return clarification('What does “it” stand for? Nothing was said before; please name the guest, node or storage.');
}

export function clarifyTooLong(most: number): Meaning {
  return clarification(`That is more than ${most} words. Please say it shorter, one question at a time.`);
}

/** "do all nodes run the same version?": what is asked of them was not understood. */
export function clarifyVague(it: Interpretation): Meaning {
  return clarification(
    `What do you want to know of the ${it.dataset.title.toLowerCase()}? I did not understand what is asked of them.`,
    [{ label: `list the ${it.dataset.title.toLowerCase()}`, say: `list the ${it.dataset.title.toLowerCase()}` }],
  );
}

/** A question back about what was not understood; or that the request is about something else altogether. */
export function clarifyProblems(s: Sentence, it: Interpretation | undefined): Meaning {
  const problems = it?.problems ?? unknownWords(s);
  const ambiguous = problems.find((problem) => problem.p === 'ambiguous');
  if (ambiguous) return clarifyAmbiguous(s, ambiguous.mention.said, ambiguous.mention.entities);
  const unknown = problems.filter((problem) => problem.p === 'unknown');
  const name = unknown.find(({ word, at }) => isNameLike(s, word, at));
  if (name) return clarifyName(s, name.word);
  if (unknown.length > 0) return clarifyWords(it, unknown);
  if (problems.some(({ p }) => p === 'possible')) return clarifyPossible(it);
  const lost = problems.find((problem) => problem.p === 'lost');
  if (lost?.p === 'lost' && it) return clarifyLost(it, lost.says);
  const unattached = problems.find((problem) => 'says' in problem);
  if (unattached && it) {
    return clarification(
      `I do not see what “${unattached.says}” says about ${it.dataset.title.toLowerCase()}. Could you put it differently?`,
    );
  }
  return { kind: 'out_of_scope', reason: 'This is not about your Proxmox infrastructure, as far as I understand it.' };
}

/** Rows were asked for, and what was said would be an answer about other rows: which ones are meant? */
function clarifyLost(it: Interpretation, says: string): Meaning {
  const title = it.dataset.title.toLowerCase();
  const options = [says, title].map((rows) => ({ label: `list the ${rows}`, say: `list the ${rows}` }));
  return clarification(
    `Do you ask for ${says} or for ${title}? I do not see how the two go together there. Could you put it differently?`,
    options,
  );
}

/** What may or should be done was asked: that is for people to judge; what is so can be shown. */
function clarifyPossible(it: Interpretation | undefined): Meaning {
  const rows = it?.dataset.events ? 'guests' : (it?.dataset.title.toLowerCase() ?? 'guests');
  return clarification(
    'I tell what is so, and do not judge what could or should be changed. Ask for what decides it, or say as an order what is to be done: it is shown as a plan first.',
    [{ label: `list the ${rows}`, say: `list the ${rows}` }],
  );
}

/** The words that nothing is known of, where not even a dataset could be thought of. */
function unknownWords(s: Sentence): Problem[] {
  return s.tokens
    .map(({ text }, at) => ({ p: 'unknown' as const, word: text, at }))
    .filter(({ at }) => s.phrases(at).length === 0 && s.cores(at).length === 0);
}

function clarifyWords(it: Interpretation | undefined, unknown: readonly (Problem & { p: 'unknown' })[]): Meaning {
  const understoodSomething =
    it !== undefined &&
    ((it.noun !== undefined && !it.noun.weak) ||
      it.named.length > 0 ||
      it.order.length > 0 ||
      it.root.parts.length > 1);
  const words = [...new Set(unknown.map(({ word }) => `“${word}”`))];
  if (!understoodSomething || unknown.length > 3) {
    return {
      kind: 'out_of_scope',
      reason: `I answer questions about a Proxmox cluster, and do not know what ${words.slice(0, 3).join(', ')} has to do with one.`,
    };
  }
  return clarification(
    `I do not know the word${words.length > 1 ? 's' : ''} ${words.join(', ')}, and will not guess. Could you put it differently?`,
  );
}

/** Two guests bear the name: which one? The number tells them apart. */
export function clarifyAmbiguous(s: Sentence, said: string, entities: readonly Entity[]): Meaning {
  const options = entities
    .filter(({ kind }) => kind === 'guest' || kind === 'node' || kind === 'user')
    .map((entity) =>
      entity.kind === 'user'
        ? { label: `user ${entity.key}`, say: replaced(s, said, entity.key) }
        : entity.kind === 'node'
          ? { label: `node ${entity.name}`, say: replaced(s, said, `node ${entity.name}`) }
          : {
              label: `${entity.type === 'lxc' ? 'container' : 'VM'} ${entity.vmid ?? ''} ${entity.name} on ${entity.node ?? 'an unknown node'}`,
              say: replaced(s, said, String(entity.vmid ?? entity.name)),
            },
    );
  const what = options.length === entities.filter(({ kind }) => kind === 'guest').length ? 'guests' : 'things';
  return clarification(`${options.length} ${what} are called ${said}. Which one do you mean?`, options);
}

/** A name that nothing bears: the nearest that exist. */
export function clarifyName(s: Sentence, said: string): Meaning {
  const at = s.tokens.findIndex(({ text }) => text.toLowerCase() === said.toLowerCase());
  const asKind = kindSaidOf(s, at);
  const kinds = asKind ?? kindWords[s.tokens[at - 1]?.stem ?? ''];
  const ofKind = kinds === undefined ? [] : s.inventory.nearest(said, 5, kinds);
  // Where it was said of which kind it is, things of another kind would not fit the sentence.
  const others = asKind === undefined ? s.inventory.nearest(said, 5) : asKind.flatMap((kind) => s.inventory.of(kind));
  const options = (ofKind.length > 0 ? ofKind : others.slice(0, 5)).flatMap((entity) => {
    const isSaid = entity.name.toLowerCase() === said.toLowerCase();
    const guests = isSaid ? guestsOf(entity) : undefined;
    if (guests !== undefined) return [{ label: guests, say: replaced(s, said, guests) }];
    return isSaid ? [] : [{ label: `${entity.name} (${describe(entity)})`, say: replaced(s, said, entity.name) }];
  });
  const none = options.length === 0 ? ' No name comes near it either.' : ' Did you mean one of these?';
  const what = asKind?.[0] ?? 'guest, node, storage or pool';
  return clarification(`No ${what} is called “${said}”.${borneBy(s, at)}${none}`, options);
}

/** The guests that a name of another kind stands for: those with the tag, in the pool. */
function guestsOf({ kind, name }: Entity): string | undefined {
  if (kind === 'tag') return `all guests tagged ${name}`;
  return kind === 'pool' ? `all guests in pool ${name}` : undefined;
}

/** That another kind of thing bears a name. */
function borneBy(s: Sentence, at: number): string {
  const kinds = [...new Set(entitiesAt(s, at).map(({ kind }) => kind))];
  return kinds.length === 0 ? '' : ` There is a ${kinds.join(' and a ')} of that name.`;
}

function describe(entity: Entity): string {
  if (entity.kind !== 'guest') return entity.kind;
  return `${entity.type === 'lxc' ? 'container' : 'VM'} ${entity.vmid ?? ''}`;
}

function replaced(s: Sentence, said: string, by: string): string {
  return s.tokens.map(({ text }) => (text.toLowerCase() === said.toLowerCase() ? by : text)).join(' ');
}

/** Words that join clauses are no names, however near they come to one. */
const joins = /^(if|unless|because|although|though|while|until|whether|than|whereas|provided|once)$/;
const nameBefore =
  /^(show|on|of|for|named|called|start|stop|delete|remove|restart|reboot|is|does|about|from|to|at|in|and|between)$/;

/** Whether a word that is not known was meant as a name: by its form, by where it stands, or by the names that come near. */
export function isNameLike(s: Sentence, word: string, at: number): boolean {
  if (!/^[\w.@:!-]+$/.test(word) || joins.test(word)) return false;
  if (/[\d_.@:-]/.test(word) && /[a-z]/i.test(word)) return true;
  if (isMisnamed(s, at)) return true;
  if (/^\d{3,}$/.test(word)) return s.tokens.length <= 2 || kindWords[s.tokens[at - 1]?.stem ?? ''] !== undefined;
  const before = s.tokens[at - 1];
  const stands = before !== undefined && (nameBefore.test(before.word) || kindWords[before.stem] !== undefined);
  if (before !== undefined && at === s.tokens.length - 1 && /^(on|called|named)$/.test(before.word)) return true;
  // "last" is a word, however near a name comes to it.
  if (s.cores(at).length > 0 || /^(last|past|previous|next|no|not)$/.test(word)) return false;
  return (stands || s.tokens.length <= 2) && s.inventory.nearest(word, 1).length > 0;
}
