import { isQuorate } from '../behaviours/common.ts';
import type { State } from '../state/model.ts';
import { electMaster, markActive } from './managers.ts';
import { motionOf, type Motion } from './motion.ts';
import { advanceService, isRestless, type CrmCommand, type Job, type Memory } from './next-state.ts';
import { dropService, guestBySid, resourceOf, serviceOf, showService, wantedState } from './service.ts';
import type { World } from './world.ts';

/** How often the manager looks (PVE::HA::CRM). */
const ROUND_MS = 10_000;

/**
 * The cluster's resource manager with the local ones. It looks every 10 s, as long as there is something to do or to
 * wait for; where all is as it should be, it sleeps until something has changed.
 */
class Crm {
  private readonly world: World;
  private readonly memories = new Map<string, Memory>();
  private isAwake = false;

  constructor(world: World) {
    this.world = world;
  }

  wake(): void {
    if (this.isAwake) return;
    this.isAwake = true;
    this.world.clock.after(ROUND_MS, () => {
      this.isAwake = false;
      this.round();
    });
  }

  command(sid: string, command: CrmCommand): void {
    this.memory(sid).command = command;
    this.wake();
  }

  private memory(sid: string): Memory {
    const known = this.memories.get(sid) ?? { isBusy: false, failedStarts: 0, triedNodes: [] };
    this.memories.set(sid, known);
    return known;
  }

  private round(): void {
    const { ha } = this.world.state;
    if (ha.resources.length + ha.services.length === 0 || !isQuorate(this.world)) return;
    if (!electMaster(this.world)) return this.wake();
    this.adopt();
    this.letGo();
    const jobs = ha.services
      .map(({ sid }) => String(sid))
      .sort()
      .flatMap((sid) => this.job(sid) ?? []);
    for (const job of jobs) advanceService(job);
    if (jobs.some(isRestless)) this.wake();
  }

  private job(sid: string): Job | undefined {
    const guest = guestBySid(this.world.state, sid);
    return guest && { world: this.world, sid, guest, memory: this.memory(sid), wake: () => this.wake() };
  }

  /** Takes new resources on: as if they ran, so that one which does is not moved at once. */
  private adopt(): void {
    const { state } = this.world;
    for (const resource of state.ha.resources) {
      const sid = String(resource['sid']);
      const guest = guestBySid(state, sid);
      if (!guest || wantedState(resource) === 'ignored' || serviceOf(state, sid)) continue;
      showService(state, sid, { crm: wantedState(resource) === 'started' ? 'started' : 'request_stop' });
      markActive(state, guest.node);
    }
  }

  /** Forgets services that have no resource any more, or one that is to be ignored. */
  private letGo(): void {
    const { state } = this.world;
    for (const row of state.ha.services) {
      const sid = String(row['sid']);
      const resource = resourceOf(state, sid);
      if (resource && wantedState(resource) !== 'ignored') continue;
      dropService(state, sid);
      this.memories.delete(sid);
    }
  }
}

const managers = new WeakMap<State, Crm>();

function crmOf(world: World): Crm {
  const known = managers.get(world.state) ?? new Crm(world);
  managers.set(world.state, known);
  return known;
}

/** Something has changed that the manager may have to act upon: it looks at its next round. */
export function wakeCrm(world: World): void {
  crmOf(world).wake();
}

/** `ha-manager crm-command`: carried out at the manager's next round. */
export function queueCommand(world: World, sid: string, command: CrmCommand): void {
  crmOf(world).command(sid, command);
}

/** Tells it to move a service, with those that come along; nothing where something on the target forbids it. */
export function queueMove(world: World, sid: string, command: Exclude<CrmCommand, { kind: 'stop' }>): Motion {
  const motion = motionOf(world.state, sid, command.node);
  if (motion.blocking.length === 0) for (const one of [sid, ...motion.along]) queueCommand(world, one, command);
  return motion;
}
