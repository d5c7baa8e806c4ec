import type { Row } from '../state/model.ts';

/** A world that cannot be loaded; the message names the place and what belongs there. */
export class InvalidWorld extends Error {
  constructor(path: string, expected: string) {
    super(`${path}: expected ${expected}`);
    this.name = 'InvalidWorld';
  }
}

/** A value of a world with the place where it stands, so that every complaint can name it. */
export class Part {
  readonly value: unknown;
  private readonly key: string | number;
  private readonly parent: Part | undefined;

  /** `key` is where it stands in `parent`: a key of an object, or the number of an element. */
  constructor(value: unknown, key: string | number = '', parent?: Part) {
    this.value = value;
    this.key = key;
    this.parent = parent;
  }

  /** Where it stands in the world. Put together when it is asked for, as few of very many parts are complained of. */
  get path(): string {
    const above = this.parent?.path ?? '';
    if (typeof this.key === 'number') return `${above}[${this.key}]`;
    return above === '' ? this.key : `${above}.${this.key}`;
  }

  get absent(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** The part under `key`; `key` is absent in an absent object. Refused where this is no object. */
  at(key: string): Part {
    return new Part(this.row()[key], key, this);
  }

  /** This as an object, empty where it is absent. */
  row(): Row {
    if (this.absent) return {};
    if (typeof this.value !== 'object' || Array.isArray(this.value)) throw new InvalidWorld(this.where, 'an object');
    return this.value as Row; // neither null nor a list, by the lines above
  }

  /** The parts of a list, none where it is absent. */
  list(): Part[] {
    if (this.absent) return [];
    if (!Array.isArray(this.value)) throw new InvalidWorld(this.where, 'a list');
    return this.value.map((value: unknown, index) => new Part(value, index, this));
  }

  /** A list whose members must be objects. */
  rows(): Row[] {
    return this.list().map((part) => part.required('an object').row());
  }

  entries(): [string, Part][] {
    return Object.keys(this.row()).map((key) => [key, this.at(key)]);
  }

  required(expected: string): Part {
    if (this.absent) throw new InvalidWorld(this.where, expected);
    return this;
  }

  /** A number, also where it is written as text, as Perl sometimes does; undefined where absent. */
  number(): number | undefined {
    if (this.absent) return undefined;
    const { value } = this;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) throw new InvalidWorld(this.where, 'a number');
    return number;
  }

  text(): string | undefined {
    if (this.absent) return undefined;
    const { value } = this;
    if (typeof value !== 'string' && typeof value !== 'number') throw new InvalidWorld(this.where, 'a text');
    return String(value);
  }

  /** 0 or 1; also from true, false, "0" and "1". */
  flag(): 0 | 1 | undefined {
    if (this.absent) return undefined;
    const { value } = this;
    if (value === 1 || value === '1' || value === true) return 1;
    if (value === 0 || value === '0' || value === false || value === '') return 0;
    throw new InvalidWorld(this.where, '0 or 1');
  }

  private get where(): string {
    return this.path === '' ? 'the world' : this.path;
  }
}
