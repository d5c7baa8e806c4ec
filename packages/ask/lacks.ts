/** Parts of an answer that could not be had, each once, with the reason. */
export interface Lack {
  readonly about: string;
  readonly why: string;
  readonly nextStep: string | undefined;
  /** The row id of the node or guest that it is a part of, where it is of one. */
  readonly of: string | undefined;
}

export class Lacks {
  readonly #found = new Map<string, Lack>();
  readonly #whole: Lacks | undefined;

  /** What a part lacks, the whole lacks too. */
  constructor(whole?: Lacks) {
    this.#whole = whole;
  }

  add(about: string, why: string, nextStep?: string, of?: string): void {
    const key = `${about}\n${why}`;
    if (!this.#found.has(key)) this.#found.set(key, { about, why, nextStep, of });
    this.#whole?.add(about, why, nextStep, of);
  }

  all(): readonly Lack[] {
    return [...this.#found.values()];
  }
}
