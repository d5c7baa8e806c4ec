import type { Yaml } from '../yaml/nodes.ts';
import { template } from '../yaml/nodes.ts';
import type { NotExpressed } from '../terraform/module.ts';

export type Task = Readonly<Record<string, Yaml | undefined>>;

/** A playbook as it is being written: its variables, those that must be said, and what it cannot say. */
export class Book {
  readonly notExpressed: NotExpressed[] = [];
  readonly #vars = new Map<string, Yaml>();
  readonly #required = new Set<string>();

  /** A variable with a default, which whoever runs the playbook may set otherwise. */
  variable(name: string, usual: Yaml): Yaml {
    if (!this.#vars.has(name)) this.#vars.set(name, usual);
    return template(`{{ ${name} }}`);
  }

  /** A variable that has to be set by whoever runs the playbook. */
  required(name: string): Yaml {
    this.#required.add(name);
    return template(`{{ ${name} }}`);
  }

  lacks(what: string, why: string): void {
    this.notExpressed.push({ what, why });
  }

  vars(): Yaml | undefined {
    return this.#vars.size === 0 ? undefined : Object.fromEntries(this.#vars);
  }

  requiredNames(): string[] {
    return [...this.#required];
  }
}

/** A name as variables of Ansible are called. */
export const variableName = (name: string): string => {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return /^[a-z]/.test(plain) ? plain : `guest_${plain}`;
};
