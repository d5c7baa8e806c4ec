import type { Service } from '../service.ts';

export type State = 'healthy' | 'degraded' | 'unavailable' | 'not_configured';

/** Whoever watches does not wait longer. */
const MOST_MS = 5_000;
/** So many clusters are asked at a time where one that answers is enough. */
const AT_A_TIME = 4;

/** Whether what the service stands on answers. Looks that come together share one: who may look is everybody. */
export class Health {
  readonly #service: Service;
  readonly #underWay = new Map<string, Promise<State>>();
  #isStopping = false;

  constructor(service: Service) {
    this.#service = service;
  }

  /** From here on nothing new is to come here. */
  stop(): void {
    this.#isStopping = true;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  database(): Promise<State> {
    return this.#shared('database', () => stateOf(this.#service.store.auditHead()));
  }

  /** Unavailable where no cluster answers, degraded where some do not. */
  clusters(): Promise<State> {
    return this.#shared('clusters', async () => {
      const all = [...this.#service.clusters.values()];
      // Each by itself: one that hangs says nothing about the others.
      const states = await Promise.all(all.map((each) => within(stateOf(each.reachable()))));
      const well = states.filter((state) => state === 'healthy').length;
      return well === states.length ? 'healthy' : well === 0 ? 'unavailable' : 'degraded';
    });
  }

  /** Whether any cluster answers: of many, the first few that are asked will do. */
  anyCluster(): Promise<State> {
    return this.#shared('any', async () => {
      const all = [...this.#service.clusters.values()];
      for (let from = 0; from < all.length; from += AT_A_TIME) {
        const some = all.slice(from, from + AT_A_TIME).map((cluster) => cluster.reachable());
        if ((await stateOf(Promise.any(some))) === 'healthy') return 'healthy';
      }
      return 'unavailable';
    });
  }

  #shared(name: string, look: () => Promise<State>): Promise<State> {
    const found = this.#underWay.get(name);
    if (found !== undefined) return found;
    const looking = within(look()).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, looking);
    return looking;
  }
}

const stateOf = (look: Promise<unknown>): Promise<State> =>
  look.then(
    () => 'healthy',
    () => 'unavailable',
  );

/** What it came to, or that it did not come in time. */
function within(look: Promise<State>): Promise<State> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('unavailable'), MOST_MS);
    timer.unref();
    void look.then((state) => {
      clearTimeout(timer);
      resolve(state);
    });
  });
}
