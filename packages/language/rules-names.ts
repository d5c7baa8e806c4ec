import type { EntityKind } from '@pxa/catalog';
import type { Edge, Mention } from './fragment.ts';
import type { Entity } from './inventory.ts';
import { kindWords } from './lexicon.ts';
import type { Sentence } from './sentence.ts';

/** What a word may be the name of: by its name, its number (`101`, `vm-101`, `vm:101`, `qemu/101`), or its form (`anna@pve`). */
export function entitiesAt(s: Sentence, at: number): readonly Entity[] {
  const token = s.tokens[at];
  if (token === undefined) return [];
  const found = s.inventory.named(token.text);
  const number = /^(?:(?:vm|ct|qemu|lxc|guest|vmid)[-:/#]?|#)?(\d{3,9})$/.exec(token.word);
  const guest = number?.[1] === undefined ? undefined : s.inventory.vmid(Number(number[1]));
  if (guest !== undefined && !found.includes(guest)) return [...found, guest];
  if (
    found.length === 0 &&
    !token.word.startsWith('upid:') &&
    /^[^\s@!/]+@[a-z][a-z0-9.-]*(![\w.-]+)?$/.test(token.word)
  ) {
    return [{ kind: 'user', key: token.word, name: token.text }];
  }
  return found;
}

/** `web-01`, `web-01 and web-02`, `node pve1`, `the web tag`, `VMs 101, 102`, `vlan 20`. */
export function entityEdges(s: Sentence, at: number): Edge[] {
  return [...bareEdges(s, at), ...typedEdges(s, at), ...rangeEdges(s, at), ...vlanEdges(s, at), ...absentEdges(s, at)];
}

/** `102-0`, `/dev/sda`: what a word is, told by its form. */
export function shapedEdges(s: Sentence, at: number): Edge[] {
  const senses = s.shaped(at);
  return senses.length > 0 ? [{ start: at, end: at + 1, fragment: { f: 'phrase', senses }, cost: 0.7 }] : [];
}

const isThing = ({ kind }: Entity): boolean => kind === 'guest' || kind === 'node';

function bareEdges(s: Sentence, at: number): Edge[] {
  const entities = entitiesAt(s, at);
  if (entities.length === 0) return [];
  const edges: Edge[] = [];
  const token = s.tokens[at];
  const isWord = token?.quoted === false && (s.phrases(at).length > 0 || s.cores(at).length > 0);
  const loose = entities.every(({ kind }) => kind === 'tag' || kind === 'pool');
  // `local-zfs` and `node01` can hardly be meant as words, even where they can be read so.
  const isPlainWord = /^[a-z]+$/.test(token?.word ?? '');
  const cost = isWord && isPlainWord ? 2.4 : loose && isPlainWord ? 1.1 : isPlainWord ? 0.9 : 0.6;
  // "on pve", "on backup": after such a word a name is a name, whatever else it means.
  const isPlace =
    (/^(on|in|at|@)$/.test(s.word(s.word(at - 1) === 'the' ? at - 2 : at - 1)) &&
      entities.some(({ kind }) => kind === 'node' || kind === 'storage')) ||
    (/^(of|for)$/.test(s.word(at - 1)) && entities.some(({ kind }) => kind === 'node')) ||
    (/^where (is|are|does|do|did)$/.test(`${s.word(at - 2)} ${s.word(at - 1)}`) && entities.some(isThing));
  const mention: Mention = { said: token?.text ?? '', entities };
  const isSure = isPlace || (isPlainWord && (isSubject(s, at) || (entities.some(isThing) && isAllThatIsSaid(s, at))));
  edges.push({ start: at, end: at + 1, fragment: { f: 'entity', mentions: [mention] }, cost: isSure ? 0.2 : cost });
  edges.push(...listedEdges(s, at, mention, cost));
  // "the web tag", "pve1 node": the kind stands behind the name.
  const kinds = kindWords[s.tokens[at + 1]?.stem ?? ''];
  if (kinds && !s.tokens[at + 1]?.quoted) {
    const fitting = ofKinds(mention, kinds);
    if (fitting)
      edges.push({
        start: at,
        end: at + 2,
        fragment: { f: 'entity', mentions: [fitting], kinds },
        // A tag or pool may be an ordinary word ("web tag"); a guest called "running" is not meant by "running VMs".
        cost:
          isWord && !isNameBefore(s, at) && !fitting.entities.every(({ kind }) => kind === 'tag' || kind === 'pool')
            ? 2.6
            : isWord || loose
              ? 0.95
              : 1.5,
      });
  }
  return edges;
}

/** "is dns up?", "how full is data?": what is asked about is a name, whatever else the word means. */
function isSubject(s: Sentence, at: number): boolean {
  const isLast = at + 1 === s.tokens.length;
  if (isLast) return at > 1 && s.word(at - 1) === 'is' && s.word(0) === 'how';
  const isState = at + 2 === s.tokens.length && s.sense(at + 1, 'condition').some(({ end }) => end === at + 2);
  return at === 1 && s.word(0) === 'is' && isState && s.sense(1, 'noun').length === 0;
}

/** Whether a word means nothing but what rows tell of themselves ("dns"): what bears it can be spoken of, too. */
export function namesColumn(s: Sentence, at: number): boolean {
  const senses = s.phrases(at).flatMap((found) => (found.end === at + 1 ? found.senses : []));
  const isFreely = (sense: (typeof senses)[number]): boolean =>
    sense.t === 'attribute' ||
    sense.t === 'quantity' ||
    (sense.t === 'condition' && sense.dataset.entity === undefined);
  return s.cores(at).length === 0 && senses.every(isFreely);
}

/** "the dns container", where one is called so; "dns servers" is a wording of its own. */
function isNameBefore(s: Sentence, at: number): boolean {
  const noun = s.tokens[at + 1];
  return namesColumn(s, at) && noun?.word === noun?.stem && s.phrases(at).every(({ end }) => end === at + 1);
}

/** "show dns", "tell me about dns": a column of nothing is asked for by nobody. */
function isAllThatIsSaid(s: Sentence, at: number): boolean {
  if (!namesColumn(s, at)) return false;
  const says =
    /^(show|list|give|get|me|us|the|about|tell|of|describe|details?|info|information|status|state|check|on|for|please|is|how|what)$/;
  return s.tokens.every(({ word }, place) => place === at || says.test(word));
}

/** `pve1, pve2 or pve3`: names of things of one kind are one list. */
function listedEdges(s: Sentence, at: number, first: Mention, cost: number): Edge[] {
  const edges: Edge[] = [];
  let mentions = [first];
  let place = at + 1;
  for (;;) {
    let next = place;
    while (/^(,|and|or|&|nor|vs|versus)$/.test(s.word(next))) next++;
    const isNone = next === place || (isOrdinary(s, next) && !endsList(s, at, next));
    const entities = isNone ? [] : entitiesAt(s, next);
    const kinds = new Set(entities.map(({ kind }) => kind));
    if (!mentions.every((mention) => mention.entities.some(({ kind }) => kinds.has(kind)))) return edges;
    if (entities.length === 0) return edges;
    mentions = [...mentions, { said: s.tokens[next]?.text ?? '', entities }];
    place = next + 1;
    // "pve and alpha": beside a name, a word that may be one is.
    edges.push({ start: at, end: place, fragment: { f: 'entity', mentions }, cost: Math.min(cost, 1.2) });
  }
}

/** "db and dns", where both are guests: beside a name, and at the end, a word of ours is a name where one bears it. */
function endsList(s: Sentence, first: number, at: number): boolean {
  const isEnd = at + 1 === s.tokens.length || /^(,|and|or)$/.test(s.word(at + 1));
  const isFiller = s.cores(at).every(({ senses }) => senses.every(({ c }) => c === 'filler'));
  return isEnd && !isOrdinary(s, first) && isFiller;
}

function ofKinds(mention: Mention, kinds: readonly EntityKind[]): Mention | undefined {
  const entities = mention.entities.filter(({ kind }) => kinds.includes(kind));
  return entities.length > 0 ? { ...mention, entities } : undefined;
}

/** A kind and then names: `node pve1`, `VMs 101, 102 and 103`, `tagged production`. */
function typedEdges(s: Sentence, at: number): Edge[] {
  const token = s.tokens[at];
  const kinds = token?.quoted === false ? kindWords[token.stem] : undefined;
  if (kinds === undefined) return [];
  const edges: Edge[] = [];
  const mentions: Mention[] = [];
  let place = s.skip(at + 1, new Set(['named', 'called', 'with', 'as', 'id', 'vmid', 'number', '=', 'is']));
  // A noun after the kind ("VM template") is not a name.
  for (;;) {
    const entities = entitiesAt(s, place);
    const mention = entities.length > 0 ? ofKinds({ said: s.tokens[place]?.text ?? '', entities }, kinds) : undefined;
    if (mention === undefined) break;
    const said = s.tokens[place - 1]?.word ?? '';
    if (isOrdinary(s, place) && !/^(named|called)$/.test(said)) break;
    mentions.push(mention);
    place++;
    const type = token?.stem ?? '';
    edges.push({
      start: at,
      end: place,
      fragment: { f: 'entity', mentions: typed(mentions, type), kinds },
      cost: 0.85,
    });
    let next = place;
    while (s.word(next) === ',' || s.word(next) === 'and' || s.word(next) === 'or') next++;
    if (next === place) break;
    // "pool hr and pool crm"
    place = s.tokens[next]?.stem === token?.stem ? next + 1 : next;
  }
  return edges;
}

const rangeWords = /^(to|through|till|until|and|-|–|bis)$/;

/** `guests 110 to 114`, `VMs 110-114`, `ids between 110 and 114`: those of the numbers between that are borne. */
function rangeEdges(s: Sentence, at: number): Edge[] {
  const token = s.tokens[at];
  const kinds = token?.quoted === false ? kindWords[token.stem] : undefined;
  if (kinds?.includes('guest') !== true) return [];
  const from = s.skip(
    at + 1,
    new Set(['with', 'ids', 'id', 'vmid', 'vmids', 'numbers', 'number', 'from', 'between', 'in', 'the', 'range']),
  );
  const glued = /^(\d{3,9})[-–](\d{3,9})$/.exec(s.word(from));
  const joined = rangeWords.test(s.word(from + 1)) && (s.word(from + 1) !== 'and' || s.word(from - 1) === 'between');
  const parted = joined && /^\d{3,9}$/.test(s.word(from)) && /^\d{3,9}$/.test(s.word(from + 2));
  const ends = glued ? [glued[1], glued[2]] : parted ? [s.word(from), s.word(from + 2)] : undefined;
  if (ends === undefined) return [];
  const [low, high] = [Number(ends[0]), Number(ends[1])];
  const within = s.inventory.of('guest').filter(({ vmid = 0 }) => vmid >= low && vmid <= high);
  if (within.length === 0) return [];
  const mentions = within.map((entity) => ({ said: String(entity.vmid), entities: [entity] }));
  const end = glued ? from + 1 : from + 3;
  return [
    {
      start: at,
      end,
      fragment: { f: 'entity', mentions: typed(mentions, token?.stem ?? ''), kinds: ['guest'] },
      cost: 0.7,
    },
  ];
}

/** Whether a word means something by itself, whoever may bear it as a name: "all", "running", "and". Tags are such words. */
export function isOrdinary(s: Sentence, at: number): boolean {
  const token = s.tokens[at];
  if (token === undefined || token.quoted || !/^[a-z]+$/.test(token.word)) return false;
  const guests = entitiesAt(s, at).some(({ kind }) => kind === 'guest' || kind === 'node');
  return guests && (token.word === 'no' || s.phrases(at).length > 0 || s.cores(at).length > 0);
}

/** "container 203" and "VM sandbox-01" choose among guests of one name. */
function typed(mentions: readonly Mention[], word: string): Mention[] {
  const type = /^(vm|qemu)$/.test(word) ? 'qemu' : /^(container|ct|lxc)$/.test(word) ? 'lxc' : undefined;
  return mentions.map((mention) => {
    const fitting = mention.entities.filter((entity) => type === undefined || entity.type === type);
    return fitting.length > 0 ? { ...mention, entities: fitting } : mention;
  });
}

/** `vm 999`, where no guest has that number: a name that nothing bears. */
function absentEdges(s: Sentence, at: number): Edge[] {
  const before = s.tokens[at - 1];
  if (!/^\d{3,9}$/.test(s.word(at)) || before === undefined || before.quoted || s.inventory.vmid(Number(s.word(at))))
    return [];
  if (!/^(vm|guest|container|ct|vmid|id|machine|lxc|template)$/.test(before.stem)) return [];
  return [{ start: at, end: at + 1, fragment: { f: 'unknown' }, cost: 0.3 }];
}

/** A VLAN is named by its number, a bridge by its name; neither is in the inventory. */
function vlanEdges(s: Sentence, at: number): Edge[] {
  const kind: EntityKind | undefined = /^vlans?(#?\d{1,4})?$/.test(s.word(at)) ? 'vlan' : undefined;
  const edges: Edge[] = [];
  if (kind !== undefined) {
    let place = /\d$/.test(s.word(at)) ? at : s.skip(at + 1, new Set(['id', 'tag', 'number', '=', 'is']));
    const mentions: Mention[] = [];
    for (let number = vlanNumber(s, place); number !== undefined; number = vlanNumber(s, place)) {
      mentions.push({ said: number, entities: [{ kind, key: number, name: number }] });
      place++;
      edges.push({
        start: at,
        end: place,
        fragment: { f: 'entity', mentions: [...mentions], kinds: [kind] },
        cost: 0.8,
      });
      while (/^(,|and|or)$/.test(s.word(place)) && vlanNumber(s, place + 1) !== undefined) place++;
    }
  }
  const bridge = /^bridge$/.test(s.word(at)) ? at + 1 : at;
  if (/^(vmbr\d+|br\d+|bridge\d+)(\.\d+)?$/.test(s.word(bridge))) {
    const key = s.tokens[bridge]?.text ?? '';
    edges.push({
      start: at,
      end: bridge + 1,
      fragment: {
        f: 'entity',
        mentions: [{ said: key, entities: [{ kind: 'bridge', key, name: key }] }],
        kinds: ['bridge'],
      },
      cost: 0.9,
    });
  }
  return edges;
}

/** `70`, `#70`, `vlan70` */
function vlanNumber(s: Sentence, at: number): string | undefined {
  return /^(?:vlan)?#?(\d{1,4})$/.exec(s.word(at))?.[1];
}
