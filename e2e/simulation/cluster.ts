import { SandboxClock, type State, type Twin, demoState, generateState, openTwin } from '@pxa/sandbox';
import { encodeForm } from '../../packages/pve/form.ts';
import { requestAt } from '../../packages/pve/request.ts';
import { wakeCrm } from '../../packages/sandbox/ha/crm.ts';
import type { World } from '../../packages/sandbox/ha/world.ts';
import { changeAbsence } from '../../packages/sandbox/nodes/absence.ts';
import { returnNode } from '../../packages/sandbox/nodes/power.ts';
import { traitsOf } from '../../packages/sandbox/traits.ts';

/** 2026-02-23T10:00:00Z: when every simulation begins. */
export const START_MS = 1_771_840_800_000;
/** Who the processes are to the cluster. */
export const USER = 'root@pam!sandbox';

/** Which cluster: the demo, or a small one of a seed. */
export type WorldOf = 'demo' | { readonly seed: number; readonly nodes: number; readonly guests: number };

/** A write that reached the cluster, whoever still waited for its answer. */
export interface Arrived {
  readonly atMs: number;
  /** The call as one text, however it was written: see `callText`. */
  readonly call: string;
  readonly by: string;
  readonly status: number;
  readonly upid: string | undefined;
}

/** A cluster within this process, which keeps every write that reaches it. */
export class SimulatedCluster {
  readonly clock = new SandboxClock(START_MS, 0);
  readonly state: State;
  readonly twin: Twin;
  readonly arrived: Arrived[] = [];
  /** Told of each write right before it is carried out. */
  onArrival: (call: string) => Promise<void> = () => Promise.resolve();
  readonly #world: World;

  constructor(of: WorldOf) {
    const { clock } = this;
    this.state = of === 'demo' ? demoState(clock) : generateState({ ...of, clock });
    const { users, tokens } = this.state.access;
    this.state.access = {
      ...this.state.access,
      users: users.some(({ userid }) => userid === 'root@pam')
        ? users
        : [{ userid: 'root@pam', enable: 1, expire: 0 }, ...users],
      tokens: [{ tokenid: USER, privsep: 0, expire: 0 }, ...tokens.filter(({ tokenid }) => tokenid !== USER)],
    };
    this.twin = openTwin({ state: this.state, clock, as: USER });
    const { major, release } = traitsOf(this.state.version.version);
    this.#world = { state: this.state, clock, tasks: this.twin.tasks, version: { major, release } };
  }

  /** Answers a request that has come in; `path` as on the wire. */
  async answer(
    by: string,
    { method, path, body }: { method: string; path: string; body?: string },
  ): ReturnType<Twin['answer']> {
    const atMs = this.clock.now();
    if (method !== 'GET') await this.onArrival(textOf(method, path, body));
    const answer = await this.twin.answer({ method, path, ...(body === undefined ? {} : { body }) });
    if (method !== 'GET') {
      const call = textOf(method, path, body);
      this.arrived.push({ atMs, call, by, status: answer.status, upid: upidIn(answer) });
    }
    return answer;
  }

  /** A node loses its power, or is back. */
  setNodeDown(name: string, isDown: boolean): void {
    const node = this.state.nodes.get(name);
    if (node === undefined) return;
    const goneSince = changeAbsence(node, this.clock.now(), { fault: isDown ? 'begins' : 'ends' });
    if (goneSince === undefined) wakeCrm(this.#world);
    else returnNode(this.#world, node, goneSince);
  }

  /** Whether the node that is connected to is gone. */
  get isDoorDown(): boolean {
    return this.state.nodes.get(this.state.localNode)?.offlineSince !== undefined;
  }
}

/** A call as one text: the same for all ways of writing it. */
export function callText(call: { method: string; path: string; params: Readonly<Record<string, unknown>> }): string {
  const { path, params } = requestAt(call.method as 'POST', call.path, call.params); // it takes all four
  return textOf(call.method, `/api2/json${path}`, encodeForm(params));
}

function textOf(method: string, path: string, body = ''): string {
  const [bare = '', query = ''] = path.split(/\?(.*)/s);
  const fields = `${query}&${body}`.split('&').filter((field) => field !== '');
  return [method, decodeURIComponent(bare.replace('/api2/json', '')), ...fields.toSorted()].join(' ');
}

function upidIn({ status, body }: { status: number; body: string }): string | undefined {
  return status === 200 ? /"data":"(UPID:[^"]+)"/.exec(body)?.[1] : undefined;
}
