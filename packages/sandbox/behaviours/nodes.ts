import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { guestsByNode, nodeUse } from '../load.ts';
import { rowsHash } from '../state/config-hash.ts';
import type { NodeState, Row } from '../state/model.ts';
import { nodeOf, nowSeconds, numberParam, offered, textParam } from './common.ts';

/** One node: what it is and does, its time, names, services, subscription and log. */
export const nodes: Behaviours = {
  'GET /nodes/{node}/status': (call) => status(call, nodeOf(call)),
  'GET /nodes/{node}/version': (call) => versionOf(call, nodeOf(call)),
  'GET /nodes/{node}/time': (call) => {
    const node = nodeOf(call);
    const time = nowSeconds(call);
    return { timezone: node.timezone, time, localtime: time + node.tzOffset };
  },
  'GET /nodes/{node}/dns': (call) => nodeOf(call).dns,
  'GET /nodes/{node}/hosts': (call) => {
    const data = nodeOf(call).hosts;
    return { data, digest: rowsHash({ data }) };
  },
  'GET /nodes/{node}/config': (call) => {
    const node = nodeOf(call);
    return { ...node.config, digest: nodeConfigDigest(node) };
  },
  'GET /nodes/{node}/subscription': (call) => {
    const node = nodeOf(call);
    return offered(node, 'subscription', node.subscription);
  },
  'GET /nodes/{node}/services': (call) => {
    const node = nodeOf(call);
    return offered(node, 'services', node.services);
  },
  'GET /nodes/{node}/services/{service}/state': service,
  'GET /nodes/{node}/netstat': netstat,
  'GET /nodes/{node}/report': report,
};

/** As it was read, or made of what the file holds now. */
export function nodeConfigDigest({ config }: NodeState): string {
  return String(config['digest'] ?? rowsHash(config));
}

/** The node's own, unless the sandbox was told to be of another release. */
function versionOf({ state }: Call, { version }: NodeState): Row {
  return state.version === state.ownVersion ? version : state.version;
}

/** The parts of pvereport that the sandbox knows: host name, packages, storages, hosts. */
function report(call: Call): string {
  const node = nodeOf(call);
  const packages = node.versions.map((row) => `${String(row['Package'])}: ${String(row['Version'])}`);
  const storages = [...node.storages].map(([id, { active }]) => `${id} ${active ? 'active' : 'inactive'}`);
  const sections: [string, string[]][] = [
    ['hostname', [node.name]],
    ['pveversion --verbose', packages],
    ['cat /etc/hosts', [node.hosts.trimEnd()]],
    ['pvesm status', storages],
  ];
  return sections.map(([title, lines]) => `# ${title}\n\n${lines.join('\n')}\n`).join('\n');
}

/** PVE::API2::Nodes status: bytes, seconds, CPU as fractions, load averages as text. */
function status(call: Call, node: NodeState): Row {
  const guests = guestsByNode(call.state).get(node.name) ?? [];
  const use = nodeUse(call.state, node, guests, call.clock.now() / 1000);
  const { 'cgroup-mode': _mode, ...hardware } = node.hardware;
  const version = versionOf(call, node);
  return {
    ...hardware,
    uptime: use.uptime,
    idle: 0,
    cpu: use.cpu,
    wait: use.wait,
    loadavg: use.loadavg.map((load) => load.toFixed(2)),
    memory: memory(call, node, use.mem),
    swap: { total: node.swap.total, used: node.swap.used, free: node.swap.total - node.swap.used },
    rootfs: { ...node.rootfs, free: node.rootfs.total - node.rootfs.used },
    ksm: { shared: node.memRead?.ksm ?? use.ksm },
    pveversion: `pve-manager/${String(version['version'])}/${String(version['repoid'])}`,
  };
}

/** What is free moves against what is used; 9.x tells apart what could be freed. */
function memory(call: Call, node: NodeState, used: number): Row {
  const grown = used - node.use.mem;
  const free = (node.memRead?.free ?? node.memTotal - node.use.mem) - grown;
  const available = node.memRead?.available === undefined ? free + used * 0.05 : node.memRead.available - grown;
  const told = node.memRead?.available !== undefined || call.version.major >= 9;
  return {
    total: node.memTotal,
    used,
    free: Math.max(0, Math.round(free)),
    ...(told ? { available: Math.max(0, Math.round(available)) } : {}),
  };
}

function service(call: Call): Row {
  const id = textParam(call, 'service');
  const found = nodeOf(call).services.find((row) => row['service'] === id);
  if (found) return found;
  const text = `value '${id}' does not have a value in the enumeration`;
  throw new PveError(400, 'Parameter verification failed.\n', { service: text });
}

/** Traffic of every guest's network devices, as the firewall's accounting shows it. */
function netstat(call: Call): Row[] {
  const rows: Row[] = [];
  for (const guest of call.state.guests.values()) {
    if (guest.node !== call.node || guest.status !== 'running') continue;
    for (const key of Object.keys(guest.config).filter((name) => /^net\d+$/.test(name))) {
      rows.push({ vmid: String(guest.vmid), dev: key, in: String(guest.use.netin), out: String(guest.use.netout) });
    }
  }
  return rows;
}

/** A page of a log as Proxmox pages it: `start` from 0, 50 lines unless told, numbered from 1. */
export function logPage(call: Call, lines: readonly string[]): { n: number; t: string }[] {
  const start = numberParam(call, 'start') ?? 0;
  const limit = numberParam(call, 'limit') ?? 50;
  return lines.slice(start, start + limit).map((t, index) => ({ n: start + index + 1, t }));
}
