import { createHash, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';
import { formOf } from './form.ts';

/** A request that changes something. `path` is concrete and without /api2/json: `/nodes/pve1/qemu/100/status/start`. */
export interface WriteCall {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A write was tried without a permit for exactly it. This is a bug or an attack, never something to retry. */
export class PermitRefused extends Error {
  override readonly name = 'PermitRefused';
}

/** Where a permit holds: on the cluster that a person approved it for, or on a twin that a plan is rehearsed on. */
export type Realm = 'cluster' | 'twin';

/** Without this key, which does not leave the module, nobody can construct a Permit. */
const KEY = Symbol('mint');

/**
 * The right to make one call once. It is bound to the method, path and parameters by their hash; its state is private,
 * so that no object of the same shape, copy or subclass passes for one. Only `pve/gate` mints them.
 */
export class Permit {
  readonly #hash: Buffer;
  readonly #realm: Realm;
  #isUsed = false;

  constructor(key: symbol, call: WriteCall, realm: Realm) {
    if (key !== KEY || new.target !== Permit) throw new PermitRefused('a permit can only be minted from an approval');
    this.#hash = hashOf(call);
    this.#realm = realm;
    Object.freeze(this);
  }

  /** Throws unless the permit is good for `call` in `realm`: minted for exactly it, and not used. */
  static check(permit: unknown, call: WriteCall, realm: Realm): asserts permit is Permit {
    if (typeof permit !== 'object' || permit === null || !(#hash in permit)) {
      throw new PermitRefused('what was given is not a permit');
    }
    if (permit.#realm !== realm) throw new PermitRefused(`the permit holds on a ${permit.#realm} only`);
    if (permit.#isUsed) throw new PermitRefused('the permit has been used');
    if (!timingSafeEqual(permit.#hash, hashOf(call))) throw new PermitRefused('the permit is for another call');
  }

  /** Uses the permit up for `call`. Throws as `check` does, and then leaves it as it was. */
  static use(permit: unknown, call: WriteCall, realm: Realm): void {
    Permit.check(permit, call, realm);
    permit.#isUsed = true;
  }

  [inspect.custom](): string {
    return this.#isUsed ? '[permit, used]' : '[permit]';
  }
}

/** For gate.ts alone: a test holds the imports of this function against that. */
export function mintPermit(call: WriteCall, realm: Realm): Permit {
  return new Permit(KEY, call, realm);
}

/**
 * The hash of a call as it goes onto the wire: parameters in the order of their names, values as the form would hold
 * them, so that true and 1, or 106 and "106", are the same call, and nothing else is.
 */
export function hashOf({ method, path, params }: WriteCall): Buffer {
  const canonical = JSON.stringify([method, path, formOf(params)]);
  return createHash('sha256').update(canonical).digest();
}
