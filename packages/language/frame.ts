import type { Dataset } from '@pxa/catalog';
import type { Filter } from '@pxa/contract';
import { negated } from './lexicon.ts';

interface Part {
  /** What it is about: parts about the same thing side by side are alternatives ("on pve1 or pve2", "running and stopped"). */
  readonly about: string;
  filter: Filter;
  says: string;
  /** Where in the sentence it stood. */
  readonly at: number;
}

/** The conditions on the rows of one dataset: those asked for, or those that a relation leads to. */
export class Frame {
  readonly dataset: Dataset;
  readonly parent: Frame | undefined;
  readonly relation: string | undefined;
  readonly neg: boolean;
  readonly count: (Filter & { op: 'has' })['count'];
  /** How a relation stands to the condition before it. */
  readonly join: 'or' | undefined;
  readonly parts: Part[] = [];
  /** Whether all of the related rows meet the conditions: the newest is old where all are. */
  every = false;
  readonly children: Frame[] = [];
  /** Alternatives with conditions of their own, which are one part together. */
  #alternatives: Part[][] | undefined;

  constructor(
    dataset: Dataset,
    of?: {
      parent: Frame;
      relation: string;
      neg: boolean;
      join: 'or' | undefined;
      count?: (Filter & { op: 'has' })['count'];
    },
  ) {
    this.dataset = dataset;
    this.parent = of?.parent;
    this.relation = of?.relation;
    this.neg = of?.neg ?? false;
    this.count = of?.count;
    this.join = of?.join;
    this.parent?.children.push(this);
  }

  /** Adds a condition; `join` says how it stands to the one before it, where a word said so. */
  add(filter: Filter, about: string, says: string, at: number, join: 'or' | undefined): void {
    const text = JSON.stringify(filter);
    if (this.parts.some((part) => JSON.stringify(part.filter) === text)) return;
    if (this.#alternatives !== undefined || (join === 'or' && this.#isSaidAnew(about)))
      return this.#addAlternative({ about, filter, says, at }, join);
    const last = this.parts[this.parts.length - 1];
    if (last !== undefined && (join === 'or' || (last.about === about && alternative(last.filter, filter)))) {
      last.filter = either(last.filter, filter);
      return;
    }
    this.parts.push({ about, filter, says, at });
  }

  /** "on pve1 with 4 cores or on pve2 with 8": what was said of the same thing, before something else. */
  #isSaidAnew(about: string): boolean {
    return this.parts.slice(0, -1).some((part) => part.about === about);
  }

  /** "and" binds closer than "or": what follows belongs to the last alternative. */
  #addAlternative(part: Part, join: 'or' | undefined): void {
    const first = this.parts.findIndex(({ about }) => about === part.about);
    this.#alternatives ??= [this.parts.splice(first)];
    const begins = join === 'or' && this.#alternatives.at(-1)?.some(({ about }) => about === part.about);
    if (begins) this.#alternatives.push([part]);
    else this.#alternatives.at(-1)?.push(part);
    const of = this.#alternatives.flatMap((each) => joined(each.map(({ filter }) => filter)) ?? []);
    const says = this.#alternatives
      .map((each) => each.flatMap((one) => one.says || []).join(' '))
      .filter(Boolean)
      .join(' or ');
    const [opening] = this.#alternatives[0] ?? [];
    const whole: Part = { about: 'alternatives', filter: { op: 'or', of }, says, at: opening?.at ?? part.at };
    if (this.parts.at(-1)?.about === whole.about) this.parts.pop();
    this.parts.push(whole);
  }

  /** The whole condition; undefined where there is none. `leave` parts are left out. */
  filter(leave: (at: number) => boolean = () => false): Filter | undefined {
    const of = this.parts.filter(({ at }) => !leave(at)).map(({ filter }) => filter);
    for (const child of this.children) {
      const has = hasOf(child);
      // "stopped or without a backup"
      const other = child.join === 'or' ? of.pop() : undefined;
      of.push(other === undefined ? has : either(other, has));
    }
    return joined(of);
  }
}

export function joined(of: readonly Filter[]): Filter | undefined {
  const flat = of.flatMap((each) => (each.op === 'and' ? each.of : [each]));
  return flat.length === 0 ? undefined : flat.length === 1 ? flat[0] : { op: 'and', of: flat };
}

function hasOf(child: Frame): Filter {
  const where = child.filter();
  const has: Filter = {
    op: 'has',
    relation: child.relation ?? '',
    ...(where === undefined ? {} : { where }),
    ...(child.count === undefined ? {} : { count: child.count }),
  };
  if (child.every && where !== undefined) {
    const any: Filter = { op: 'has', relation: has.relation };
    return { op: 'and', of: [any, negated({ ...any, where: negated(where) })] };
  }
  return child.neg ? negated(has) : has;
}

/** Whether two conditions on one column can only be meant as alternatives: no row is both running and stopped. */
function alternative(a: Filter, b: Filter): boolean {
  const equals = (filter: Filter): boolean =>
    filter.op === 'in' ||
    (filter.op === 'compare' && filter.is === '=') ||
    (filter.op === 'or' && filter.of.every(equals));
  return equals(a) && equals(b);
}

function either(a: Filter, b: Filter): Filter {
  const values = (filter: Filter): { column: string; values: (string | number)[] } | undefined => {
    if (filter.op === 'in') return filter;
    if (filter.op !== 'compare' || filter.is !== '=') return undefined;
    const { value } = filter;
    return typeof value === 'string' || typeof value === 'number'
      ? { column: filter.column, values: [value] }
      : undefined;
  };
  const first = values(a);
  const second = values(b);
  if (first && second && first.column === second.column) {
    const all = [...new Set([...first.values, ...second.values])];
    return all.length === 1 ? a : { op: 'in', column: first.column, values: all };
  }
  return { op: 'or', of: [...(a.op === 'or' ? a.of : [a]), b] };
}
