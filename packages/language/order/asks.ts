import type { Action, EntityKind, Input } from '@pxa/catalog';
import type { Clarification, Meaning, OpenOrder, Query } from '@pxa/contract';
import { amountsAt } from '../amounts.ts';
import { clarification, clarifyAmbiguous, clarifyName, clarifyPronoun } from '../clarify.ts';
import type { Entity, Inventory } from '../inventory.ts';
import { singular } from '../morphology.ts';
import { isMisnamed } from '../rules-misnamed.ts';
import type { Sentence } from '../sentence.ts';
import type { Parse } from './parse.ts';
import { parseTemplate, wordsOf } from './template.ts';
import type { Problem } from './problem.ts';
import { nameOf } from './acted-on.ts';
import { saysOrder, spaced } from './says.ts';
import { saysNothing } from './words.ts';

type Option = Clarification['options'][number];

const mostOptions = 8;

/** A question that asks for a part of an order; the answer to it is understood as that part. */
function asksFor(question: string, options: readonly Option[], order: OpenOrder): Meaning {
  return { kind: 'clarification', clarification: { question, options: [...options] }, order };
}

/** Words of an order that were not understood: which, and what would be left without them. */
export function clarifyUnknown(s: Sentence, parse: Parse): Meaning {
  const meaningful = parse.unknown.filter((at) => !saysNothing(s, at) || s.tokens[at]?.quoted === true);
  const places = meaningful.length > 0 ? meaningful : parse.unknown;
  const misnamed = places.find((at) => isMisnamed(s, at)) ?? standsForTarget(s, parse, places);
  if (misnamed !== undefined) return clarifyName(s, s.tokens[misnamed]?.text ?? '');
  const words = [...new Set(places.map((at) => `“${s.tokens[at]?.text ?? ''}”`))];
  // An article goes with the word that it stands before.
  const isLeft = (at: number): boolean =>
    !parse.unknown.includes(at) && !(/^(the|a|an)$/.test(s.word(at)) && parse.unknown.includes(at + 1));
  const rest = s.tokens.filter((_, at) => isLeft(at));
  const say = rest.map(({ text, quoted }) => (quoted ? `"${text}"` : text)).join(' ');
  const { action } = parse.compiled;
  const waits = waitsIn(s, parse.unknown);
  // Left out, such words would leave more than was meant.
  const narrows =
    parse.unknown.some((at) => narrowing.test(s.word(at)) || amountsAt(s.tokens, at).length > 0) ||
    action.risk === 'destructive';
  const isLacking = Object.entries(action.input).some(([name, { ask }]) => ask !== undefined && !(name in parse.input));
  const isWhole = parse.problems.length === 0 && !isLacking;
  const options = isWhole && !narrows ? [{ label: say, say }] : [];
  if (waits !== undefined) return clarification(waits, options);
  return clarification(
    `I understood that you want to ${saysOrder(action, parse.targets?.says ?? '', parse.input)}, but not what ${words.join(', ')} ${words.length > 1 ? 'are' : 'is'} to mean there. Nothing was changed: could you put it differently?`,
    options,
  );
}

/** "start nosuchvm": the one word that is left stands where what is to be started should. */
function standsForTarget(s: Sentence, { compiled, targets }: Parse, places: readonly number[]): number | undefined {
  const [at] = places;
  if (compiled.action.on === undefined || (targets?.says ?? '') !== '' || at === undefined || places.length > 1)
    return undefined;
  return s.phrases(at).length === 0 && s.cores(at).length === 0 ? at : undefined;
}

const narrowing = /^(except|excluding|but|not|never|no|without|only|unless|or|besides|apart)$/;

/** What is said where an order is to wait for something: for a state, or for a time. */
function waitsIn(s: Sentence, unknown: readonly number[]): string | undefined {
  const has = (words: RegExp): boolean => unknown.some((at) => words.test(s.word(at)));
  const lead = 'Nothing was changed. An order is carried out as soon as its plan is approved';
  if (has(/^(if|unless|once|when|until|whenever|while|before|after)$/))
    return `${lead}: it waits for nothing, and asks for no condition. Look how things are, then say the order by itself.`;
  if (
    has(
      /^(tomorrow|tonight|later|daily|hourly|weekly|monthly|nightly|o'clock|noon|midnight|every|minutes?|hours?|days?|weeks?)$|^\d{1,2}(:\d\d)?(am|pm)$/,
    )
  )
    return `${lead}, not at a time of day: say it then. What Proxmox itself can do again and again are backups, by a job.`;
  return undefined;
}

/** A question back about what keeps an order from being carried over as it was said. */
export function clarifyProblem(s: Sentence, parse: Parse, problem: Problem): Meaning {
  const { action } = parse.compiled;
  switch (problem.p) {
    case 'name':
      return clarifyThing(s, problem.said, problem.kinds);
    case 'ambiguous':
      return clarifyAmbiguous(s, problem.said, problem.entities);
    case 'type': {
      const [is, wants] = problem.wants === 'qemu' ? ['a container', 'VMs'] : ['a VM', 'containers'];
      return clarification(
        `${problem.entity.name} is ${is}; to ${action.verb} is something that can be done to ${wants} only.`,
      );
    }
    case 'unit':
      return clarification(
        `${problem.said} of what? Say the unit, too.`,
        problem.units.map((unit) => {
          const label = `${problem.said} ${unit}`;
          return { label, say: withWord(s, problem.said, label) };
        }),
      );
    case 'either':
      return clarification(
        `For what is “${problem.said}” meant: the ${problem.inputs.map(spaced).join(' or the ')}?`,
        problem.inputs.map((name) => ({ label: spaced(name), say: `${problem.said} ${sayFor(parse, name)}` })),
      );
    case 'lacks': {
      const input = action.input[problem.input];
      return input === undefined ? clarifyUnknown(s, parse) : clarifyMissing(s, parse, problem.input, input);
    }
    case 'pronoun':
      return clarifyPronoun();
    case 'others':
      return clarification(
        `“${problem.said}” may be ${problem.shown}, or what that belongs to. Name what you want to ${action.verb.replace(/ of$/, '')}.`,
      );
    case 'several':
      return clarifySeveral(s, problem);
    case 'everything':
      return problem.among === undefined
        ? clarification(`That would hit ${everythingSaid(s.inventory, problem.what)}. ${sayWhich}`)
        : clarifyCounted(problem.among, singular(problem.what), problem.what);
    case 'nothing':
      return asksFor(`To “${action.verb.replace(/ of$/, '')}”: ${nameIt(action)}`, [], openOrder(parse, 'on'));
    default:
      return problem satisfies never;
  }
}

/** One thing was spoken of, and several were said before: which one, or all of them? */
function clarifySeveral(s: Sentence, { at, end, ids }: Problem & { p: 'several' }): Meaning {
  const say = (by: string): string =>
    [s.surface(0, at), by, s.surface(end, s.tokens.length)].filter((part) => part !== '').join(' ');
  const options = ids.map((id) => {
    const guest = s.inventory.get('guest', id);
    const name = nameOf(s, id);
    return { label: guest === undefined ? name : describe(guest), say: say(String(guest?.vmid ?? name)) };
  });
  const all = { label: ids.length === 2 ? 'both' : `all ${ids.length} of them`, say: say('them') };
  return clarification(
    `“${s.surface(at, end)}” may be any of the ${ids.length} that were said before. Which one?`,
    ids.length < mostOptions ? [...options, all] : [all],
  );
}

/** Asks for an input that was not said and that nothing can stand for. */
export function clarifyMissing(s: Sentence, parse: Parse, name: string, input: Input): Meaning {
  const options = valuesOf(s, input).map((value) => ({ label: value, say: value }));
  const { verb } = parse.compiled.action;
  const what = parse.targets?.says ?? '';
  const order = `${verb}${what === '' ? '' : ` ${what}`}`;
  const question = input.ask ?? `To “${order}”, say the ${saysKind(name, input)}, too.`;
  return asksFor(question, options, openOrder(parse, name));
}

/** The words of an input that stand behind its value: `of memory`. */
function sayFor({ compiled }: Parse, name: string): string {
  const [words] = (compiled.action.input[name]?.say ?? [])
    .filter((say) => /\{\} *[[(]?\w/.test(say.replaceAll(/\[[^\]]*\]/g, '')))
    .map((say) => wordsOf([parseTemplate(say.replaceAll(/\[[^\]]*\]/g, ''))[0]?.slice(-1) ?? []])[0] ?? '');
  return words ?? spaced(name);
}

function saysKind(name: string, { kind }: Input): string {
  const examples: Readonly<Partial<Record<Input['kind'], string>>> = {
    size: 'size, such as 8 GB',
    count: 'number',
    duration: 'time, such as 5 minutes',
    schedule: 'schedule, such as “daily at 2:30”',
    address: 'address',
  };
  return examples[kind] ?? spaced(name);
}

interface Beginning {
  readonly action: Action;
  readonly on: string;
}

/** The beginning of several orders: which one? */
export function clarifyBeginning(s: Sentence, orders: readonly Beginning[]): Meaning {
  const options = orders.slice(0, mostOptions).map(({ action, on }) => {
    const label = saysOrder(action, on, {});
    return { label, say: label };
  });
  return clarification(`“${s.surface(0, s.tokens.length)}” is not all of an order. What is to be done?`, options);
}

/** Two orders may be meant by the same words. */
export function clarifyEither(s: Sentence, parses: readonly Parse[]): Meaning {
  const options = parses.map(({ compiled: { action }, targets, input }) => {
    const label = saysOrder(action, targets?.says ?? '', input);
    // The name may be what can be meant in several ways; the number of a guest is not.
    const numbers = (targets?.ids ?? []).flatMap((id) => /^(?:qemu|lxc)\/(\d+)$/.exec(id)?.[1] ?? []);
    const say = numbers.length === 0 ? label : saysOrder(action, numbers.join(', '), input);
    return { label: numbers.length === 0 ? label : `${label} (${numbers.join(', ')})`, say };
  });
  return clarification(`“${s.surface(0, s.tokens.length)}” can be meant in ${parses.length} ways. Which one?`, options);
}

function openOrder(parse: Parse, missing?: string): OpenOrder {
  const { compiled, targets, input } = parse;
  return {
    action: compiled.action.id,
    targets: targets?.ids ?? [],
    ...(targets?.selection === undefined ? {} : { selection: targets.selection }),
    input,
    ...(missing === undefined ? {} : { missing }),
  };
}

const kindTitles: Readonly<Partial<Record<EntityKind, string>>> = { guest: 'guest', node: 'node', storage: 'storage' };

function clarifyThing(s: Sentence, said: string, kinds: readonly EntityKind[]): Meaning {
  const near = s.inventory.nearest(said, 5, kinds);
  const all = kinds.flatMap((kind) => s.inventory.of(kind));
  const shown = near.length > 0 ? near : all.length <= mostOptions ? all : [];
  const title = kinds.map((kind) => kindTitles[kind] ?? kind).join(' or ');
  const options = shown.map((entity) => ({ label: describe(entity), say: withWord(s, said, entity.name) }));
  const hint =
    near.length > 0
      ? ' Did you mean one of these?'
      : shown.length > 0
        ? ' These exist:'
        : ' No name comes near it either.';
  return clarification(`No ${title} is called “${said}”.${hint}`, options);
}

function describe({ kind, name, type, vmid }: Entity): string {
  if (kind !== 'guest') return `${name} (${kind})`;
  return `${name} (${type === 'lxc' ? 'container' : 'VM'} ${vmid ?? ''})`;
}

/** The sentence with one word in the place of another. */
function withWord(s: Sentence, said: string, by: string): string {
  const isIt = (text: string): boolean => text.toLowerCase() === said.toLowerCase();
  return s.tokens.map(({ text, quoted }) => (isIt(text) ? by : quoted ? `"${text}"` : text)).join(' ');
}

function valuesOf(s: Sentence, { kind, values }: Input): string[] {
  const names = (of: EntityKind): string[] => s.inventory.of(of).map(({ name }) => name);
  const all =
    kind === 'choice'
      ? Object.keys(values ?? {})
      : kind === 'node' || kind === 'storage' || kind === 'pool'
        ? names(kind)
        : [];
  return all.length <= mostOptions ? all : [];
}

function nameIt({ on }: Action): string {
  const titles: Readonly<Record<NonNullable<Action['on']>['dataset'], string>> = {
    guests: 'which guest do you mean? Say its name or number.',
    nodes: 'which node do you mean?',
    storage: 'which storage do you mean?',
    pools: 'which pool do you mean?',
    users: 'which user do you mean (name@realm)?',
    'backup-jobs': 'which backup job do you mean? Say its id.',
  };
  return on === undefined ? '' : titles[on.dataset];
}

export const sayWhich = 'Say which ones: by name, tag, pool, node or state.';

/** Asks which ones of those that a query finds; the cluster is asked how many they are. */
export function clarifyCounted(query: Query, one: string, many: string, orElse = 'all of that'): Meaning {
  const clarification = { question: `That would hit ${orElse}. ${sayWhich}`, options: [] };
  const counts = { query, one, many, question: `That would hit {count}. ${sayWhich}` };
  return { kind: 'clarification', clarification, counts };
}

/** All there is of something, counted where the names tell. */
export function everythingSaid(inventory: Inventory, what: string): string {
  const guests = inventory.of('guest').filter(({ template }) => template !== true);
  const of = (type: 'qemu' | 'lxc'): number => guests.filter((guest) => guest.type === type).length;
  if (what === 'qemu') return `all ${of('qemu')} VMs`;
  if (what === 'lxc') return `all ${of('lxc')} containers`;
  if (what === 'nodes') return `all ${inventory.of('node').length} nodes`;
  return what === 'guests' ? `all ${guests.length} guests` : `all ${what}`;
}
