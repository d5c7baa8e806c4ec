import { type Block, block, type Code, code, type Value } from '../hcl/nodes.ts';
import type { Guest } from '../specification.ts';

/** What a provider or module cannot say of a guest, with what to do about it. */
export interface NotExpressed {
  readonly what: string;
  readonly why: string;
}

interface Variable {
  readonly type: string;
  readonly description: string;
  readonly default?: Value;
  readonly sensitive?: boolean;
}

/** A Terraform module as it is being written: its variables, its blocks, the names that are taken, what it cannot say. */
export class Module {
  readonly blocks: Block[] = [];
  readonly notExpressed: NotExpressed[] = [];
  readonly #variables = new Map<string, Variable>();
  readonly #labels = new Map<string, Set<string>>();

  /** A reference to a variable, which is declared once. */
  variable(name: string, given: Variable): Code {
    if (!this.#variables.has(name)) this.#variables.set(name, given);
    return code(`var.${name}`);
  }

  add(...blocks: readonly (Block | undefined)[]): void {
    this.blocks.push(...blocks.filter((each) => each !== undefined));
  }

  lacks(what: string, why: string): void {
    this.notExpressed.push({ what, why });
  }

  /** A label that no other resource of the type has: what of a name HCL takes. */
  label(type: string, name: string): string {
    const taken = this.#labels.get(type) ?? new Set<string>();
    this.#labels.set(type, taken);
    const plain = name
      .toLowerCase()
      .replaceAll(/[^a-z\d]+/g, '_')
      .replaceAll(/^_+|_+$/g, '');
    const base = /^[a-z]/.test(plain) ? plain : `guest_${plain}`;
    let label = base;
    for (let n = 2; taken.has(label); n += 1) label = `${base}_${n}`;
    taken.add(label);
    return label;
  }

  /** Its variables, in the order of their first use. */
  variables(): Block[] {
    return Array.from(this.#variables, ([name, { type, description, default: usual, sensitive }]) =>
      block(
        'variable',
        [name],
        [{ description, type: code(type), default: usual, sensitive: sensitive === true ? true : undefined }],
      ),
    );
  }
}

/** The node of a guest: its own, or the one that whoever runs the module says. */
export function nodeOf(module: Module, { node }: Guest): Value {
  return (
    node ?? module.variable('node_name', { type: 'string', description: 'The node of the cluster that it is made on.' })
  );
}

/** The storage of a disk: its own, or the one that whoever runs the module says. */
export function storageOf(module: Module, storage: string | null): Value {
  const description = 'The storage that disks are made on.';
  return storage ?? module.variable('datastore_id', { type: 'string', description, default: 'local-lvm' });
}

/** The public keys that may log in: those that are known are the default. */
export function keysOf(module: Module, { ssh_keys: keys }: Guest): Code {
  const description = 'The public SSH keys that may log in.';
  return module.variable('ssh_public_keys', {
    type: 'list(string)',
    description,
    ...(keys.length === 0 ? {} : { default: [...keys] }),
  });
}
