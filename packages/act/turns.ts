/** Lets those who need the same thing have it one after the other, in the order in which they asked. */
export class Turns {
  readonly #tails = new Map<string, Promise<void>>();

  /** Waits until nobody who asked before needs any of `keys`; gives the function that lets the next one. */
  async take(keys: readonly string[]): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    // All places are taken at once, so that two who need several cannot wait for each other.
    const before = [...new Set(keys)].map((key) => {
      const tail = this.#tails.get(key);
      this.#tails.set(key, promise);
      return tail;
    });
    await Promise.all(before);
    return resolve;
  }
}
