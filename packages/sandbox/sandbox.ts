import { Authenticator, systemRandomness, type Randomness, type Secrets } from './auth.ts';
import type { SandboxClock } from './clock.ts';
import { Control } from './control.ts';
import type { Probe } from './dispatch.ts';
import type { Fault } from './fault-file.ts';
import { FaultBox, type FaultEffects } from './faults.ts';
import { wakeCrm } from './ha/crm.ts';
import type { World } from './ha/world.ts';
import { startScheduler } from './jobs/scheduler.ts';
import { openNodeDoor, type ClusterParts, type NodeDoor } from './node-door.ts';
import { changeAbsence } from './nodes/absence.ts';
import { returnNode } from './nodes/power.ts';
import { openWorld } from './open-world.ts';
import type { SandboxOptions } from './options.ts';
import { allBehaviours } from './registry.ts';
import type { State } from './state.ts';
import { Tasks } from './tasks.ts';
import { traitsOf } from './traits.ts';
import { checkParameters } from './validate.ts';

/** The token that every sandbox knows; without privilege separation, so that it may do what root@pam may. */
const TOKEN_ID = 'root@pam!sandbox';
const ROOT_PASSWORD = 'sandbox';

/** A Proxmox VE cluster that listens. */
export interface Sandbox {
  url: string;
  tokenId: typeof TOKEN_ID;
  tokenSecret: string;
  /** SHA-256 of the certificate as AA:BB:…; another one after the fault `changed_certificate`. */
  readonly fingerprint: string;
  /** The certificate as PEM, for clients that verify by CA file. */
  readonly certificate: string;
  /** Every node that has an address of its own, by name: the one behind `url`, and with `everyNode` all. */
  nodes: Record<string, NodeDoor>;
  clock: SandboxClock;
  state: State;
  tasks: Tasks;
  /** Who may come in, and with what: tickets and token secrets for tests that need other callers. */
  auth: Authenticator;
  faults: { add(fault: Fault): void; clear(): void; list(): Fault[] };
  close(): Promise<void>;
}

/** Starts a cluster in memory behind HTTPS. Rejects when the port is taken or the world or faults cannot be used. */
export async function startSandbox(
  options: SandboxOptions = {},
  random: Randomness = systemRandomness,
): Promise<Sandbox> {
  const { state, clock } = openWorld(options);
  const tokenSecret = options.tokenSecret ?? random.uuid();
  state.access = withSandboxToken(state.access);
  const traits = traitsOf(state.version.version);
  const auth = new Authenticator(state, secretsOf(options, tokenSecret), clock, traits, random);
  const tasks = new Tasks(state, clock);
  const doors: NodeDoor[] = [];
  const world: World = { state, clock, tasks, version: { major: traits.major, release: traits.release } };
  const faults = new FaultBox(clock, effectsOn(world, doors));
  const control = options.control ? new Control(faults, clock) : undefined;
  const behaviours = allBehaviours(() => auth);
  const probe = probeOf(options.probe);
  const validate = checkParameters;
  const parts = { state, clock, tasks, traits, behaviours, faults, probe, validate, auth, control };
  const first = await openNodeDoor(parts, state.localNode, options.host ?? '127.0.0.1', options.port ?? 0);
  doors.push(first);
  if (options.everyNode) await openOthers(parts, Number(new URL(first.url).port), doors);
  for (const fault of options.faults ?? []) faults.add(fault);
  startScheduler(world);
  return {
    url: first.url,
    tokenId: TOKEN_ID,
    tokenSecret,
    get fingerprint() {
      return first.certificate().fingerprint;
    },
    get certificate() {
      return first.certificate().cert;
    },
    nodes: Object.fromEntries(doors.map((door) => [door.node, door])),
    clock,
    state,
    tasks,
    auth,
    faults,
    close: async () => {
      clock.close();
      await Promise.all(doors.map((door) => door.close()));
    },
  };
}

/** An address for every other node: 127.0.0.2 and on, at the same port; /cluster/status then tells them. */
async function openOthers(parts: ClusterParts, port: number, doors: NodeDoor[]): Promise<void> {
  const { localNode, nodes } = parts.state;
  const others = [...nodes.values()].filter(({ name }) => name !== localNode);
  [nodes.get(localNode), ...others].forEach((node, index) => {
    if (node) node.ip = `127.0.0.${index + 1}`;
  });
  try {
    for (const { name, ip = '' } of others) doors.push(await openNodeDoor(parts, name, ip, port));
  } catch (error) {
    await Promise.all(doors.map((door) => door.close()));
    throw error;
  }
}

function secretsOf(options: SandboxOptions, tokenSecret: string): Secrets {
  return {
    passwords: { 'root@pam': options.password ?? ROOT_PASSWORD, ...options.passwords },
    tokens: { ...options.tokens, [TOKEN_ID]: tokenSecret },
    tfa: options.tfa ?? {},
  };
}

/** What faults do to the cluster itself; a node that was gone before a fault stays gone after it. */
function effectsOn(world: World, doors: readonly NodeDoor[]): FaultEffects {
  const { state, clock } = world;
  return {
    setNodeDown: (name, down) => {
      const node = state.nodes.get(name);
      if (!node) return;
      const goneSince = changeAbsence(node, clock.now(), { fault: down ? 'begins' : 'ends' });
      if (goneSince !== undefined) returnNode(world, node, goneSince);
      else wakeCrm(world);
    },
    setQuorumLost: (lost) => {
      state.quorumLost = lost;
      if (!lost) wakeCrm(world);
    },
    changeCertificate: () => doors[0]?.changeCertificate(),
  };
}

function probeOf(probe: SandboxOptions['probe']): Probe {
  if (probe === undefined || probe === false) return 'off';
  return probe === 'permissions' ? 'permissions' : 'validation';
}

function withSandboxToken(access: State['access']): State['access'] {
  const others = access.tokens.filter(({ tokenid }) => tokenid !== TOKEN_ID);
  const own = access.tokens.find(({ tokenid }) => tokenid === TOKEN_ID);
  const users = access.users.some(({ userid }) => userid === 'root@pam')
    ? access.users
    : [{ userid: 'root@pam', enable: 1, expire: 0 }, ...access.users];
  return { ...access, users, tokens: [{ ...own, tokenid: TOKEN_ID, privsep: 0, expire: 0 }, ...others] };
}
