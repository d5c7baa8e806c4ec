import { asList } from '../access-change.ts';
import type { Behaviours, Call } from '../behaviour.ts';
import { died } from '../guests/work.ts';
import type { Row } from '../state/model.ts';
import { nodeOf, textParam } from './common.ts';
import { assertDigest } from './config-change.ts';
import { nodeConfigDigest } from './nodes.ts';

const CONTROL = new Set(['node', 'delete', 'digest']);
const NUMBERS = new Set(['startall-onboot-delay', 'ballooning-target']);

/** Names, time and notes of nodes: PVE::API2::Nodes and PVE::API2::NodeConfig. */
export const nodeConfigWrites: Behaviours = {
  'PUT /nodes/{node}/dns': (call) => {
    const servers = ['dns1', 'dns2', 'dns3'].flatMap((key): [string, string][] => {
      const value = textParam(call, key);
      return value === undefined || value === '' ? [] : [[key, value]];
    });
    nodeOf(call).dns = { search: textParam(call, 'search') ?? '', ...Object.fromEntries(servers) };
    return null;
  },

  'PUT /nodes/{node}/time': (call) => {
    const timezone = textParam(call, 'timezone') ?? '';
    const node = nodeOf(call);
    node.tzOffset = offsetOf(timezone, call.clock.now());
    node.timezone = timezone;
    return null;
  },

  'POST /nodes/{node}/hosts': (call) => {
    const node = nodeOf(call);
    assertDigest(call, { data: node.hosts });
    node.hosts = textParam(call, 'data') ?? '';
    return null;
  },

  'PUT /nodes/{node}/config': (call) => {
    const node = nodeOf(call);
    assertDigest(call, node.config, nodeConfigDigest(node));
    node.config = changed(call, node.config);
    return null;
  },
};

function changed(call: Call, before: Row): Row {
  const { digest: _before, ...config } = before;
  for (const key of asList(call.params['delete'])) delete config[key];
  for (const key of Object.keys(call.params)) {
    const value = textParam(call, key);
    if (value === undefined || CONTROL.has(key)) continue;
    config[key] = NUMBERS.has(key) ? Number(value) : value;
  }
  return config;
}

/** Seconds east of UTC at a moment; a name that the zone files do not have is refused. */
function offsetOf(timeZone: string, atMs: number): number {
  try {
    const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(atMs);
    const offset = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d+)(?::(\d+))?/.exec(offset) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
  } catch {
    throw died('No such timezone.');
  }
}
