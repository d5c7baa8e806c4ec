import type { RouteFacts } from '@pxa/pve/facts';
import type { Access, AccessConfig } from './access.ts';
import { PveError } from './behaviour.ts';
import type { Params } from './body.ts';
import type { Clock } from './clock.ts';
import type { Fault, FaultOf } from './fault-file.ts';
import { ProxyRefusal } from './proxy.ts';
import { withoutPrivileges } from './revoked.ts';
import type { State } from './state.ts';

/** How long pveproxy waits for another node, or for pvedaemon, before it gives the call up (AnyEvent.pm:proxy_request). */
const PROXY_WAIT_MS = 30_000;

/** What the faults do to one request. */
export interface Struck {
  latencyMs: number;
  hangs: boolean;
  ticketExpired: boolean;
  drop?: 'before' | 'after';
  error?: FaultOf<'error'>;
}

/** What a fault changes about the cluster or the door, beside what it does to requests. */
export interface FaultEffects {
  setNodeDown(node: string, down: boolean): void;
  setQuorumLost(lost: boolean): void;
  changeCertificate(): void;
}

interface Active {
  fault: Fault;
  timesLeft: number;
  started: boolean;
  callOff: () => void;
}

/** The call that is on its way to the node that carries it out. */
export interface Passage {
  node: string;
  facts: RouteFacts;
  params: Params;
  state: State;
  clock: Clock;
}

/** The faults that were asked for: which wait, which act, and on what. */
export class FaultBox {
  private readonly clock: Clock;
  private readonly effects: FaultEffects;
  private active: Active[] = [];

  constructor(clock: Clock, effects: FaultEffects) {
    this.clock = clock;
    this.effects = effects;
  }

  /** Lets a fault act, now or when its `after_s` has passed, and end when its `for_s` has. */
  add(fault: Fault): void {
    const entry: Active = { fault, timesLeft: fault.times ?? Infinity, started: false, callOff: () => undefined };
    this.active.push(entry);
    if (fault.after_s === undefined) this.start(entry);
    else entry.callOff = this.clock.after(fault.after_s * 1000, () => this.start(entry));
  }

  /** Ends every fault; what it changed is as before (a changed certificate stays). */
  clear(): void {
    for (const entry of [...this.active]) this.end(entry);
  }

  list(): Fault[] {
    return this.active.map(({ fault }) => fault);
  }

  /** What happens to one request; counts the faults that act on a number of requests only. */
  strike(method: string, path: string): Struck {
    const struck: Struck = { latencyMs: 0, hangs: false, ticketExpired: false };
    for (const entry of [...this.active]) {
      if (!entry.started || !matches(entry.fault, method, path)) continue;
      if (!apply(entry.fault, struck)) continue;
      if (--entry.timesLeft <= 0) this.end(entry);
    }
    return struck;
  }

  /** Delays and refusals that a call meets once it is known where it goes. */
  async delayOnTheWay(struck: Struck, passage: Passage): Promise<void> {
    const { node, facts, state, clock } = passage;
    const delayMs = struck.latencyMs + this.storageDelayMs(passage);
    const elsewhere = node !== state.localNode;
    const proxied = elsewhere || facts.protected === true;
    if ((elsewhere && struck.hangs) || (proxied && delayMs >= PROXY_WAIT_MS)) {
      await clock.hold(PROXY_WAIT_MS);
      throw new ProxyRefusal(596, 'Connection timed out');
    }
    if (delayMs > 0) await clock.hold(delayMs);
    if (struck.error) throw injected(struck.error);
  }

  /** Without quorum, nothing of the cluster's configuration can be written. */
  refuseWrites(state: State, facts: RouteFacts): void {
    if (!state.quorumLost || facts.method === 'GET' || facts.path === '/access/ticket') return;
    if (facts.path.startsWith('/access')) throw new PveError(500, "cfs-lock 'file-user_cfg' error: no quorum!\n");
    throw new PveError(500, 'cluster not ready - no quorum?\n');
  }

  /** The caller's privileges without those that are revoked at the moment. */
  revoke(access: Access, config: AccessConfig): Access {
    const revoked = this.acting('revoked_privilege').filter(({ who }) => who === undefined || who === access.authid);
    return revoked.length === 0 ? access : withoutPrivileges(access, config, revoked);
  }

  private storageDelayMs({ facts, params, node }: Passage): number {
    if (!facts.path.startsWith('/nodes/{node}/storage')) return 0;
    const slow = this.acting('slow_storage').filter(
      (fault) =>
        (fault.node === undefined || fault.node === node) &&
        (params['storage'] === undefined || params['storage'] === fault.storage),
    );
    return slow.reduce((sum, { ms }) => sum + ms, 0);
  }

  private acting<K extends Fault['fault']>(kind: K): FaultOf<K>[] {
    return this.active
      .filter(({ started, fault }) => started && fault.fault === kind)
      .map(({ fault }) => fault as FaultOf<K>); // filtered by its kind just above
  }

  private start(entry: Active): void {
    entry.started = true;
    this.change(entry.fault, true);
    const { for_s: seconds } = entry.fault;
    if (seconds !== undefined) entry.callOff = this.clock.after(seconds * 1000, () => this.end(entry));
  }

  private end(entry: Active): void {
    entry.callOff();
    this.active = this.active.filter((other) => other !== entry);
    if (entry.started) this.change(entry.fault, false);
  }

  private change(fault: Fault, acts: boolean): void {
    if (fault.fault === 'node_down') this.effects.setNodeDown(fault.node, acts);
    else if (fault.fault === 'no_quorum') this.effects.setQuorumLost(acts);
    else if (fault.fault === 'changed_certificate' && acts) this.effects.changeCertificate();
  }
}

/** Statuses from 595 on are those of the proxy, and have no body. */
function injected({ status, message = 'injected fault' }: FaultOf<'error'>): PveError {
  return status >= 595 ? new ProxyRefusal(status, message) : new PveError(status, `${message}\n`);
}

/** Adds what one fault does to a request; false = this kind of fault does nothing to a single request. */
function apply(fault: Fault, struck: Struck): boolean {
  switch (fault.fault) {
    case 'latency':
      struck.latencyMs += fault.ms;
      return true;
    case 'error':
      struck.error = fault;
      return true;
    case 'drop':
      struck.drop = fault.when ?? 'before';
      return true;
    case 'hang':
      struck.hangs = true;
      return true;
    case 'expired_ticket':
      struck.ticketExpired = true;
      return true;
    case 'node_down':
    case 'no_quorum':
    case 'revoked_privilege':
    case 'changed_certificate':
    case 'slow_storage':
      return false;
  }
}

function matches(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  if (fault.path !== undefined && !globMatches(fault.path, path)) return false;
  if (fault.node === undefined || fault.fault === 'node_down') return true;
  return /^\/nodes\/([^/]+)/.exec(path)?.[1] === fault.node;
}

/** `*` stands for one part of the path, `**` for any number of them. */
function globMatches(glob: string, path: string): boolean {
  const pattern = glob
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[\^$.|?*+()[\]{}]/g, '\\$&')))
    .join('');
  return new RegExp(`^${pattern}$`, 's').test(path);
}
