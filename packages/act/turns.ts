/** Lets those who need the same thing have it one after the other, in the order in which they asked. */
export class Turns {
  readonly #tails = new Map<string, Promise<void>>();

  /** Waits until nobody who asked before needs any of `keys`; gives the function that lets the next one. */
  async take(keys: readonly string[]): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    // All places are taken at once, so that two who need several cannot wait for each other.
    const before: Promise<void>[] = [];
    for (const key of new Set(keys)) {
      const tail = this.#tails.get(key);
      if (tail !== undefined) before.push(tail);
      this.#tails.set(key, promise);
    }
    await Promise.all(before);
    return resolve;
  }
}
