import type { Authenticator } from './auth.ts';
import { makeCertificate, type Certificate } from './certificate.ts';
import { systemTime } from './clock.ts';
import type { Control } from './control.ts';
import { Dispatcher, type DispatchParts } from './dispatch.ts';
import { openDoor, type Door } from './door.ts';
import { Server } from './server.ts';
import type { State } from './state.ts';

/** What all nodes of one cluster share. */
export interface ClusterParts extends DispatchParts {
  auth: Authenticator;
  control: Control | undefined;
}

/** One node's own address: its pveproxy. */
export interface NodeDoor {
  node: string;
  url: string;
  certificate(): Certificate;
  /** Shows another certificate from the next connection on. */
  changeCertificate(): void;
  close(): Promise<void>;
}

/** Opens a node's address; the node is then the one that calls without a node are carried out on. */
export async function openNodeDoor(parts: ClusterParts, node: string, host: string, port: number): Promise<NodeDoor> {
  const { auth, control, clock, faults, traits } = parts;
  const state = seenFrom(parts.state, node);
  const shown = await certificates(state, host);
  const dispatcher = new Dispatcher({ ...parts, state });
  const server = new Server({ auth, dispatcher, faults, clock, traits, control, state });
  const onRequest = server.handle.bind(server);
  const door: Door = await openDoor({ host, port, certificate: shown.current(), onRequest });
  return {
    node,
    url: `https://${host.includes(':') ? `[${host}]` : host}:${door.port}`,
    certificate: shown.current,
    changeCertificate: () => door.changeCertificate(shown.next()),
    close: door.close,
  };
}

/** The same cluster, with another node as the local one. */
function seenFrom(state: State, node: string): State {
  if (state.localNode === node) return state;
  return new Proxy(state, {
    get: (target, key, receiver): unknown => (key === 'localNode' ? node : Reflect.get(target, key, receiver)),
  });
}

/** The certificate that a node shows, and the one that takes its place; GET /nodes tells the fingerprint of the first. */
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
