import type { Assistant } from '@pxa/assistant';
import type { SeenGuest } from '@pxa/assistant/store';
import type { Finding } from '@pxa/contract';
import { idOfType } from '../guests/ids.ts';
import { wordOf } from '../guests/own-word.ts';
import type { Work } from '../replicas/leadership.ts';
import type { Service } from '../service.ts';
import { freshOf, memoryOf, type Memory, newsOf, type Seen } from './news.ts';
import { endedTasks, guestsNow, inDoubt, STATE, TASKS, troubles } from './seen.ts';

/** How often the tasks are looked at. */
const LOOK_MS = 5_000;
/** Guests change without a task, too: somebody shuts one down from inside. */
const WHOLE_LOOK_MS = 60_000;
/** pvestatd tells of what a task has done every 10 s (pve-manager PVE/Service/pvestatd.pm): the list lags behind. */
const LAG_MS = 20_000;
/** A cluster that does not answer for so long is told of. */
const SILENT_MS = 60_000;

/** As `followers` names it, and whoever leads it. */
export const watcherOf = (connection: string): string => `watch of ${connection}`;

/**
 * Tells of what happens on a cluster, whoever does it. One light call tells whether a task has ended; then, and every
 * minute, the one list of the cluster is compared with how things were last seen. One replica does it for all. What
 * comes and goes between two looks is not seen.
 */
export class Watcher {
  readonly #connection: string;
  readonly #cluster: Assistant;
  readonly #service: Service;
  /** When the whole list is due. What this process forgets by ending is one look at worst. */
  #wholeMs = 0;
  #closeUntilMs = 0;
  #silentSinceMs: number | undefined;

  constructor(connection: string, cluster: Assistant, service: Service) {
    this.#connection = connection;
    this.#cluster = cluster;
    this.#service = service;
  }

  /** Looks at the cluster again and again, until the term ends. */
  readonly work: Work = async ({ signal }) => {
    while (!signal.aborted) {
      await this.step(signal);
      if (!signal.aborted) await this.#service.sleep(LOOK_MS, signal);
    }
  };

  /** One look, and what is news in it. A cluster that does not answer is no failure of ours: it is told when it lasts. */
  async step(signal?: AbortSignal): Promise<void> {
    const { kept } = this.#service;
    const name = watcherOf(this.#connection);
    const follower = await kept.follower(name);
    const memory = memoryOf(follower?.body);
    const { guests, ...seen } = await this.#look(memory, signal);
    if (signal?.aborted === true) return;
    const place = (follower?.place ?? 0) + 1;
    const at = { connection: this.#connection, place, idOf: (guest: string) => this.#idOf(guest) };
    const news = newsOf(memory, guests, seen, at);
    const isNothing =
      news.body === follower?.body && news.events.length + news.seen.are.length + news.seen.gone.length === 0;
    // Where another has moved on in the meantime, the next look is held against what they saw.
    if (!isNothing) await kept.followStep({ name, from: follower?.place, to: place, ...news, nowMs: seen.nowMs });
    if (seen.whole !== undefined) this.#wholeMs = seen.nowMs + WHOLE_LOOK_MS;
  }

  async #look(memory: Memory, signal: AbortSignal | undefined): Promise<Seen & { guests: readonly SeenGuest[] }> {
    const hooks = signal === undefined ? {} : { signal };
    const tasks = await this.#cluster.look([TASKS], hooks);
    const nowMs = Math.floor(this.#service.now());
    const ended = tasks.ok ? endedTasks(tasks) : undefined;
    const fresh = freshOf(memory, ended);
    if (memory.hasLooked && fresh.length > 0) this.#closeUntilMs = nowMs + LAG_MS;
    const isDue = tasks.ok && (nowMs >= this.#wholeMs || nowMs < this.#closeUntilMs);
    const guests = isDue ? await this.#service.kept.seenGuests(this.#connection) : [];
    const doubted = inDoubt(guests, fresh);
    const queries = doubted.size === 0 ? STATE : [...STATE, wordOf(doubted)];
    const state = isDue ? await this.#cluster.look(queries, hooks) : undefined;
    const whole = state?.ok === true ? { guests: guestsNow(state, doubted), troubles: troubles(state) } : undefined;
    const why = !tasks.ok ? tasks.why : state?.ok === false ? state.why : undefined;
    if (why === undefined) this.#silentSinceMs = undefined;
    else this.#silentSinceMs ??= nowMs;
    return { guests, nowMs, ended, whole, silent: why === undefined ? undefined : this.#silent(why, nowMs) };
  }

  #silent(why: string, nowMs: number): Finding | undefined {
    if (this.#silentSinceMs === undefined || nowMs - this.#silentSinceMs < SILENT_MS) return undefined;
    const about = `connection/${this.#connection}`;
    return { severity: 'critical', code: 'cluster.unreachable', about, text: why, evidence: [] };
  }

  #idOf(guest: string): string {
    const [type = '', number] = guest.split('/');
    return idOfType(this.#service, this.#connection, type, Number(number));
  }
}
