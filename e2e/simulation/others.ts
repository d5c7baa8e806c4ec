import type { State } from '@pxa/sandbox';
import type { SimulatedCluster } from './cluster.ts';
import { type Scenario, spellsOf } from './scenario.ts';
import type { Time } from './time.ts';

type Guest = State['guests'] extends Map<number, infer G> ? G : never;

/** What is done to the cluster past pxa, as a seed has it; keeps which guests were touched by it, and when. */
export class Others {
  readonly #scenario: Scenario;
  readonly #cluster: SimulatedCluster;
  readonly #time: Time;
  /** When a guest was last touched by somebody else, in the cluster's milliseconds. */
  readonly touched = new Map<number, number>();
  /** When one was last changed directly, all at once; tasks of others take their time. */
  readonly changed = new Map<number, number>();
  /** Guests that the plans are about: others have an eye for these, too. */
  readonly targets = new Set<number>();
  /** Guests that were locked for a while. */
  readonly locked = new Set<number>();
  /** Whether a node has been gone: HA then moves guests, and others lose their state. */
  hasLostNodes = false;

  constructor(scenario: Scenario, cluster: SimulatedCluster, time: Time) {
    this.#scenario = scenario;
    this.#cluster = cluster;
    this.#time = time;
  }

  /** Lets all of it happen in its time. */
  begin(): void {
    const { troubles, random, calmAfterMs } = this.#scenario;
    const later = (work: () => unknown): void => void this.#cluster.clock.after(random.whole(0, calmAfterMs), work);
    const several = (most: number, work: () => unknown): void => {
      for (let left = random.whole(1, most); left > 0; left--) later(work);
    };
    if (troubles.has('locks')) several(6, () => this.#lock());
    if (troubles.has('admins')) several(8, () => this.#change());
    if (troubles.has('interrupts')) several(40, () => this.#interrupt());
    if (troubles.has('alike')) several(8, () => void this.#alike());
    if (troubles.has('clock')) several(4, () => this.#jump());
    if (troubles.has('nodes')) this.#loseNodes();
  }

  /** Something that a plan is about is changed right after it was made: it has drifted then. */
  meddle(vmids: Iterable<number>): void {
    const { random, troubles } = this.#scenario;
    if (!troubles.has('admins') || !random.chance(0.5)) return;
    const found = [...vmids].flatMap((vmid) => this.#cluster.state.guests.get(vmid) ?? []);
    if (found[0] !== undefined) this.#changeGuest(found[0]);
  }

  #guest(): Guest | undefined {
    const { random } = this.#scenario;
    const all = [...this.#cluster.state.guests.keys()];
    const known = [...this.targets].filter((vmid) => this.#cluster.state.guests.has(vmid));
    const [first, ...others] = known.length > 0 && random.chance(0.7) ? known : all;
    return first === undefined ? undefined : this.#cluster.state.guests.get(random.pick([first, ...others]));
  }

  #touch({ vmid }: Guest): void {
    this.touched.set(vmid, this.#cluster.clock.now());
  }

  /** A lock of something else, that lets go by itself. */
  #lock(): void {
    const guest = this.#guest();
    const { random } = this.#scenario;
    if (guest === undefined || guest.config['lock'] !== undefined) return;
    const lock = random.pick(['backup', 'snapshot', 'migrate']);
    guest.config = { ...guest.config, lock };
    this.locked.add(guest.vmid);
    this.#cluster.clock.after(random.whole(1_000, 4 * 60_000), () => {
      const { lock: held, ...rest } = guest.config;
      if (held === lock) guest.config = rest;
    });
  }

  #change(): void {
    const guest = this.#guest();
    if (guest !== undefined) this.#changeGuest(guest);
  }

  #changeGuest(guest: Guest): void {
    this.#touch(guest);
    this.changed.set(guest.vmid, this.#cluster.clock.now());
    const { random } = this.#scenario;
    const what = random.whole(0, 5);
    if (what === 0) guest.config = { ...guest.config, cores: random.whole(1, 8) };
    else if (what === 1) guest.config = { ...guest.config, description: `changed ${random.whole(1, 99)}` };
    else if (what === 2) guest.config = { ...guest.config, memory: 1024 * random.whole(1, 8) };
    else if (what === 3) guest.status = 'stopped';
    else if (what === 4 && guest.config['template'] !== 1) guest.status = 'running';
    else if (what === 5 && random.chance(0.3)) this.#cluster.state.guests.delete(guest.vmid);
  }

  /** The same token is used by somebody else, through the API. */
  async #alike(): Promise<void> {
    const guest = this.#guest();
    if (guest === undefined) return;
    this.#touch(guest);
    const { random } = this.#scenario;
    const at = `/api2/json/nodes/${guest.node}/${guest.type}/${guest.vmid}`;
    const verb = random.pick(['start', 'stop', 'shutdown', 'reboot']);
    const call = random.pick<{ method: string; path: string; body?: string }>([
      { method: 'POST', path: `${at}/status/${verb}` },
      { method: 'POST', path: `${at}/snapshot`, body: `snapname=alike${random.whole(1, 99)}` },
      { method: 'PUT', path: `${at}/config`, body: `description=alike${random.whole(1, 99)}` },
    ]);
    await this.#cluster.twin.answer(call);
  }

  /** Somebody stops what runs in our name. */
  #interrupt(): void {
    const { tasks } = this.#cluster.twin;
    const running = tasks.all().find((task) => task.endtime === undefined && task.user === 'root@pam');
    if (running !== undefined) tasks.stop(running.upid);
  }

  /** Forwards mostly; what has been worked on is due earlier then, or a lease lasts longer. */
  #jump(): void {
    const { random } = this.#scenario;
    this.#time.offsetMs += random.chance(0.7) ? random.whole(0, 10 * 60_000) : -random.whole(0, 10 * 60_000);
  }

  #loseNodes(): void {
    const { random } = this.#scenario;
    const names = [...this.#cluster.state.nodes.keys()].filter((name) => name !== this.#cluster.state.localNode);
    const [first, ...others] = names;
    if (first === undefined) return;
    for (const { fromMs, untilMs } of spellsOf(this.#scenario, 2, 15 * 60_000)) {
      const name = random.pick([first, ...others]);
      this.#cluster.clock.after(fromMs, () => {
        this.hasLostNodes = true;
        this.#cluster.setNodeDown(name, true);
      });
      this.#cluster.clock.after(untilMs, () => this.#cluster.setNodeDown(name, false));
    }
  }
}
