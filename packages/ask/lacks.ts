/** Parts of an answer that could not be had, each once, with the reason. */
export interface Lack {
  readonly about: string;
  readonly why: string;
  readonly nextStep: string | undefined;
}

export class Lacks {
  readonly #found = new Map<string, Lack>();

  add(about: string, why: string, nextStep?: string): void {
    const key = `${about}\n${why}`;
    if (!this.#found.has(key)) this.#found.set(key, { about, why, nextStep });
  }

  all(): readonly Lack[] {
    return [...this.#found.values()];
  }
}
