import { Authenticator, systemRandomness, type Randomness } from './auth.ts';

import { makeCertificate, type Certificate } from './certificate.ts';
import { SandboxClock, systemTime } from './clock.ts';
import { Control } from './control.ts';
import { Dispatcher, type Probe } from './dispatch.ts';
import { openDoor, type Door } from './door.ts';
import type { Fault } from './fault-file.ts';
import { FaultBox } from './faults.ts';
import type { SandboxOptions } from './options.ts';
import { openWorld } from './open-world.ts';
import { allBehaviours } from './registry.ts';
import { Server } from './server.ts';
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
  const host = options.host ?? '127.0.0.1';
  const { state, clock } = openWorld(options);
  const tokenSecret = options.tokenSecret ?? random.uuid();
  const traits = traitsOf(state.version.version);
  state.access = withSandboxToken(state.access);
  const secrets = {
    passwords: { 'root@pam': options.password ?? ROOT_PASSWORD, ...options.passwords },
    tokens: { ...options.tokens, [TOKEN_ID]: tokenSecret },
    tfa: options.tfa ?? {},
  };
  const auth = new Authenticator(state, secrets, clock, traits, random);
  const tasks = new Tasks(state, clock);
  const shown = await certificates(state, host);
  let door: Door | undefined;
  const faults = new FaultBox(clock, {
    setNodeDown: (name, down) => setNodeDown(state, name, down ? clock.now() : undefined),
    setQuorumLost: (lost) => (state.quorumLost = lost),
    changeCertificate: () => door?.changeCertificate(shown.next()),
  });
  const behaviours = allBehaviours(() => auth);
  const probe = probeOf(options.probe);
  const dispatcher = new Dispatcher({
    state,
    clock,
    tasks,
    traits,
    behaviours,
    faults,
    probe,
    validate: checkParameters,
  });
  const control = options.control ? new Control(faults, clock) : undefined;
  const server = new Server({ auth, dispatcher, faults, clock, traits, control, state });
  const onRequest = server.handle.bind(server);
  door = await openDoor({ host, port: options.port ?? 0, certificate: shown.current(), onRequest });
  for (const fault of options.faults ?? []) faults.add(fault);
  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${door.port}`,
    tokenId: TOKEN_ID,
    tokenSecret,
    get fingerprint() {
      return shown.current().fingerprint;
    },
    get certificate() {
      return shown.current().cert;
    },
    clock,
    state,
    tasks,
    auth,
    faults,
    close: async () => {
      clock.close();
      await door.close();
    },
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

function setNodeDown(state: State, name: string, sinceMs: number | undefined): void {
  const node = state.nodes.get(name);
  if (node) node.offlineSince = sinceMs;
}

/** The certificate that is shown, and the one that the fault `changed_certificate` brings; GET /nodes tells the same. */
async function certificates(state: State, host: string): Promise<{ current(): Certificate; next(): Certificate }> {
  const names = [...new Set([host, 'localhost', '127.0.0.1', state.localNode])];
  const show = (certificate: Certificate): Certificate => {
    const node = state.nodes.get(state.localNode);
    if (node) node.fingerprint = certificate.fingerprint;
    return certificate;
  };
  const make = (): Promise<Certificate> => makeCertificate(state.localNode, names, systemTime.now());
  const [first, second] = await Promise.all([make(), make()]);
  let shown = show(first);
  return {
    current: () => shown,
    next: () => (shown = show(shown === first ? second : first)),
  };
}
