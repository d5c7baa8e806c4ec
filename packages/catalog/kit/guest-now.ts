import type { Fact } from '@pxa/contract';
import type { Refusal } from './action.ts';

/** A guest as a plan is made on it. */
export interface GuestNow {
  /** `qemu/104`. */
  readonly id: string;
  readonly type: 'qemu' | 'lxc';
  readonly vmid: number;
  readonly name: string;
  readonly node: string;
  /** `running`, `stopped`, `paused` or `suspended`, as its own status tells. */
  readonly status: string;
  readonly isTemplate: boolean;
  /** What holds its configuration locked: `backup`, `migrate`, … */
  readonly lock: string | undefined;
  readonly config: Readonly<Record<string, unknown>>;
  readonly digest: string;
  /** The HA state that is wanted of it, where HA manages it. */
  readonly ha: string | undefined;
  /** What its status tells beside that: memory in bytes, uptime in seconds. */
  readonly current: Readonly<Record<string, unknown>>;
  /** `VM 104 build-agent`. */
  readonly title: string;
}

/** A fact of a guest's status: `status`, `lock`, `qmpstatus`. */
export function statusFact(guest: GuestNow, key: string, is: Fact['is']): Fact {
  return {
    about: `${key} of ${guest.title}`,
    read: { path: `/nodes/${guest.node}/${guest.id}/status/current`, params: {} },
    at: [key],
    is,
  };
}

/**
 * That a guest is there, where a plan is made on it: for steps that rely on nothing else that it has, since what it does
 * not have (a lock, a snapshot of that name) a guest that has gone does not have, either.
 */
export const thereFact = (guest: GuestNow): Fact => ({
  ...statusFact(guest, 'status', null),
  about: guest.title,
  how: 'known',
});

/** A fact of a guest's configuration. */
export function configFact(guest: GuestNow, key: string, is: Fact['is']): Fact {
  return {
    about: `${key} of ${guest.title}`,
    read: { path: `/nodes/${guest.node}/${guest.id}/config`, params: {} },
    at: [key],
    is,
  };
}

/** That its configuration is the one that was read, to the letter. */
export const sameConfig = (guest: GuestNow): Fact => ({
  ...configFact(guest, 'digest', guest.digest),
  about: `configuration of ${guest.title}`,
});

/** A fact of the cluster's list of guests: which node it is on, that it is there at all. */
export function listedFact(guest: Pick<GuestNow, 'vmid' | 'title'>, key: string, is: Fact['is']): Fact {
  return {
    about: key === 'vmid' ? guest.title : `${key} of ${guest.title}`,
    read: { path: '/cluster/resources', params: { type: 'vm' } },
    at: [`[vmid=${guest.vmid}]`, key],
    is,
  };
}

/**
 * What stands in the way of anything that takes the guest's lock. A VM that was suspended to disk keeps it until it is
 * started: little can be done to it meanwhile.
 */
export function locked(guest: GuestNow): Refusal[] {
  if (guest.lock !== 'suspended') return lockedButSuspended(guest);
  const { title, vmid } = guest;
  const say = `start ${vmid}`;
  return [
    {
      why: `${title} sleeps on disk (suspended), and is locked until it is started.`,
      next: `Start it first: “${say}”.`,
      say,
    },
  ];
}

/** The same for what may be done to a VM that sleeps on disk: its start, and its end. */
export function lockedButSuspended(guest: GuestNow): Refusal[] {
  const { lock, title } = guest;
  if (lock === undefined || lock === 'suspended') return [];
  return [
    {
      why: `${title} is locked (${lock}).`,
      next: `Wait until the ${lock} has ended: “tasks of ${guest.vmid}” shows it.`,
      say: `tasks of ${guest.vmid}`,
    },
  ];
}

export function template(guest: GuestNow, what: string): Refusal[] {
  if (!guest.isTemplate) return [];
  const say = `clone ${guest.vmid}`;
  return [{ why: `${guest.title} is a template and cannot be ${what}.`, next: `Make a guest of it: “${say}”.`, say }];
}

export function notRunning(guest: GuestNow): Refusal[] {
  if (guest.status !== 'stopped') return [];
  const say = `start ${guest.vmid}`;
  return [{ why: `${guest.title} is not running.`, next: `Start it first: “${say}”.`, say }];
}
