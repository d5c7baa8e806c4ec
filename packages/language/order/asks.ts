import type { Action, EntityKind, Input } from '@pxa/catalog';
import type { Clarification, Meaning, OpenOrder } from '@pxa/contract';
import { clarification, clarifyAmbiguous, clarifyPronoun } from '../clarify.ts';
import type { Entity, Inventory } from '../inventory.ts';
import type { Sentence } from '../sentence.ts';
import type { Parse } from './parse.ts';
import type { Problem } from './problem.ts';
import { saysOrder, spaced } from './says.ts';
import { saysNothing } from './words.ts';

type Option = Clarification['options'][number];

const mostOptions = 8;

/** A question that asks for a part of an order; the answer to it is understood as that part. */
export function asksFor(question: string, options: readonly Option[], order: OpenOrder): Meaning {
  return { kind: 'clarification', clarification: { question, options: [...options] }, order };
}

/** Words of an order that were not understood: which, and what would be left without them. */
export function clarifyUnknown(s: Sentence, parse: Parse): Meaning {
  const meaningful = parse.unknown.filter((at) => !saysNothing(s, at) || s.tokens[at]?.quoted === true);
  const places = meaningful.length > 0 ? meaningful : parse.unknown;
  const words = [...new Set(places.map((at) => `“${s.tokens[at]?.text ?? ''}”`))];
  const rest = s.tokens.filter((_, at) => !parse.unknown.includes(at));
  const say = rest.map(({ text, quoted }) => (quoted ? `"${text}"` : text)).join(' ');
  const isWhole = parse.problems.length === 0;
  const { action } = parse.compiled;
  return clarification(
    `I understood that you want to ${saysOrder(action, parse.targets?.says ?? '', parse.input)}, but not what ${words.join(', ')} ${words.length > 1 ? 'are' : 'is'} to mean there. Nothing was changed: could you put it differently?`,
    isWhole ? [{ label: say, say }] : [],
  );
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
    case 'pronoun':
      return clarifyPronoun();
    case 'everything':
      return clarification(
        `That would hit ${everythingSaid(s.inventory, problem.what)}. Say which ones: by name, tag, pool, node or state.`,
      );
    case 'nothing':
      return asksFor(
        `What do you want to ${action.verb.replace(/ of$/, '')}? ${nameIt(action)}`,
        [],
        openOrder(parse, 'on'),
      );
    default:
      return problem satisfies never;
  }
}

/** Asks for an input that was not said and that nothing can stand for. */
export function clarifyMissing(s: Sentence, parse: Parse, name: string, input: Input): Meaning {
  const options = valuesOf(s, input).map((value) => ({ label: value, say: value }));
  return asksFor(input.ask ?? `Which ${spaced(name)}?`, options, openOrder(parse, name));
}

/** Two orders may be meant by the same words. */
export function clarifyEither(s: Sentence, parses: readonly Parse[]): Meaning {
  const options = parses.map(({ compiled: { action }, targets, input }) => {
    const label = saysOrder(action, targets?.says ?? '', input);
    return { label, say: label };
  });
  return clarification(`“${s.surface(0, s.tokens.length)}” can be meant in ${parses.length} ways. Which one?`, options);
}

export function openOrder(parse: Parse, missing?: string): OpenOrder {
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
    guests: 'Name the guest, by its name or number.',
    nodes: 'Name the node.',
    storage: 'Name the storage.',
    pools: 'Name the pool.',
    users: 'Name the user, as name@realm.',
    'backup-jobs': 'Name the backup job, by its id.',
  };
  return on === undefined ? '' : titles[on.dataset];
}

function everythingSaid(inventory: Inventory, what: string): string {
  const guests = inventory.of('guest').filter(({ template }) => template !== true);
  const of = (type: 'qemu' | 'lxc'): number => guests.filter((guest) => guest.type === type).length;
  if (what === 'qemu') return `all ${of('qemu')} VMs`;
  if (what === 'lxc') return `all ${of('lxc')} containers`;
  if (what === 'nodes') return `all ${inventory.of('node').length} nodes`;
  return what === 'guests' ? `all ${guests.length} guests` : `all ${what}`;
}
