import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { rowsHash } from '../state/config-hash.ts';
import { ctime } from '../state/ctime.ts';
import type { HaState, NodeState, Row } from '../state/model.ts';
import { isOnline, isQuorate, nodeOf, nowSeconds, textParam } from './common.ts';
import { groupsFromRules, rulesFromGroups } from './ha-migration.ts';

/** High availability: what is wanted (resources, groups or rules) and what the manager has in hand. */
export const ha: Behaviours = {
  'GET /cluster/ha/status/current': current,
  'GET /cluster/ha/status/manager_status': managerStatus,
  'GET /cluster/ha/resources': (call) => {
    const type = textParam(call, 'type');
    return resources(call).filter((row) => type === undefined || row['type'] === type);
  },
  'GET /cluster/ha/resources/{sid}': (call) => {
    const sid = normalSid(call);
    const found = resources(call).find((row) => row['sid'] === sid);
    if (!found) throw new PveError(500, `no such resource '${sid}'\n`);
    return found;
  },
  'GET /cluster/ha/groups': groups,
  'GET /cluster/ha/groups/{group}': (call) => {
    const id = textParam(call, 'group') ?? '';
    const found = groups(call).find((row) => row['group'] === id);
    if (!found) throw new PveError(500, `no such ha group '${id}'\n`);
    return found;
  },
  'GET /cluster/ha/rules': rules,
  'GET /cluster/ha/rules/{rule}': (call) => {
    const id = textParam(call, 'rule') ?? '';
    const found = rules(call).find((row) => row['rule'] === id);
    if (!found) throw new PveError(500, `no such ha rule '${id}'\n`);
    return found;
  },
};

/** `100` is short for the guest of that id. */
function normalSid(call: Call): string {
  const sid = textParam(call, 'sid') ?? '';
  if (!/^\d+$/.test(sid)) return sid;
  return call.state.guests.get(Number(sid))?.type === 'lxc' ? `ct:${sid}` : `vm:${sid}`;
}

function resources(call: Call): Row[] {
  const rows = call.state.ha.resources;
  const digest = rowsHash(rows);
  if (call.version.major >= 9) return rows.map(({ group: _group, ...row }) => ({ ...row, digest }));
  const byRule = groupsFromRules(call.state.ha);
  return rows.map(({ failback: _failback, ...row }) => {
    const group = row['group'] ?? byRule.find(({ members }) => members.includes(String(row['sid'])))?.group['group'];
    return { ...row, ...(group === undefined ? {} : { group }), digest };
  });
}

function groups(call: Call): Row[] {
  if (call.version.major >= 9) {
    throw new PveError(500, 'cannot index groups: ha groups have been migrated to rules\n');
  }
  const { ha: state } = call.state;
  const rows = state.groups ?? groupsFromRules(state).map(({ group }) => group);
  return rows.map((row) => ({ ...row, digest: rowsHash(rows) }));
}

function rules(call: Call): Row[] {
  if (call.version.major < 9) throw new PveError(501, "Method 'GET /cluster/ha/rules' not implemented\n");
  const { ha: state } = call.state;
  const type = textParam(call, 'type');
  const resource = textParam(call, 'resource');
  const rows = state.rules ?? rulesFromGroups(state);
  return rows
    .filter((row) => type === undefined || row['type'] === type)
    .filter((row) => resource === undefined || String(row['resources']).split(',').includes(resource))
    .map((row) => ({ ...row, digest: rowsHash(rows) }));
}

type Sign = HaState['lrm'][number];

/** When a manager last showed that it lives; a lost node's sign stays behind. */
function signTime(call: Call, sign: Sign): number | undefined {
  const gone = call.state.nodes.get(sign.node)?.offlineSince;
  if (sign.at !== undefined || sign.age === undefined) return sign.at;
  const now = gone === undefined ? nowSeconds(call) : Math.min(nowSeconds(call), Math.floor(gone / 1000));
  return now - sign.age;
}

/** PVE::API2::HA::Status: over 30 s without a sign, a manager is taken for dead. */
function signWord(call: Call, sign: Sign, at: number | undefined): string {
  if (at === undefined) return sign.word;
  const word = nowSeconds(call) - at > 30 ? 'old timestamp - dead?' : sign.word;
  return `${word}, ${ctime(at, nodeOf(call).tzOffset)}`;
}

function signRow(call: Call, type: 'master' | 'lrm', sign: Sign): Row {
  const at = signTime(call, sign);
  return {
    id: type === 'master' ? 'master' : `lrm:${sign.node}`,
    type,
    node: sign.node,
    status: `${sign.node} (${signWord(call, sign, at)})`,
    ...(at === undefined ? {} : { timestamp: at }),
  };
}

function current(call: Call): Row[] {
  const { ha: state } = call.state;
  const quorate = isQuorate(call);
  const word = quorate ? 'OK' : `No quorum on node '${call.node}'!`;
  return [
    { id: 'quorum', type: 'quorum', node: call.node, status: word, quorate },
    ...(state.master ? [signRow(call, 'master', state.master)] : []),
    ...(call.version.major >= 9 ? state.others : state.others.filter(({ type }) => type !== 'fencing')),
    ...state.lrm.map((sign) => signRow(call, 'lrm', sign)),
    ...services(call),
  ];
}

function services(call: Call): Row[] {
  const known = new Set(call.state.ha.services.map((row) => row['sid']));
  const queued = call.state.ha.resources.filter((row) => !known.has(row['sid']));
  return [
    ...call.state.ha.services.map(({ target: _target, ...row }) => ({
      id: `service:${String(row['sid'])}`,
      type: 'service',
      ...row,
    })),
    ...queued.map((row) => ({
      ...row,
      id: `service:${String(row['sid'])}`,
      type: 'service',
      node: guestNode(call, String(row['sid'])),
      state: row['state'] === 'ignored' ? 'ignored' : 'queued',
      request_state: row['state'] ?? 'started',
      status: `${String(row['sid'])} (${guestNode(call, String(row['sid']))}, queued)`,
    })),
  ].map((row) => (call.version.major >= 9 ? row : withoutFailback(row)));
}

function withoutFailback({ failback: _failback, ...row }: Row): Row {
  return row;
}

function guestNode(call: Call, sid: string): string {
  return call.state.guests.get(Number(sid.split(':')[1]))?.node ?? call.node;
}

function managerStatus(call: Call): Row {
  const { ha: state } = call.state;
  const nodes = [...call.state.nodes.values()];
  const lrm = state.lrm.map((sign): [string, Row] => [
    sign.node,
    {
      mode: 'active',
      state: sign.word === 'idle' ? 'wait_for_agent_lock' : 'active',
      results: {},
      timestamp: signTime(call, sign),
    },
  ]);
  const service = state.services.map((row): [string, Row] => [
    String(row['sid']),
    {
      node: row['node'],
      running: row['state'] === 'started' ? 1 : 0,
      state: row['crm_state'] ?? row['state'],
      ...(row['target'] === undefined ? {} : { target: row['target'] }),
    },
  ]);
  return {
    manager_status: {
      master_node: state.master?.node ?? '',
      node_status: Object.fromEntries(nodes.map((node) => [node.name, nodeWord(state, node)])),
      service_status: Object.fromEntries(service),
      ...(state.master ? { timestamp: signTime(call, state.master) } : {}),
    },
    quorum: { node: call.node, quorate: String(isQuorate(call)) },
    lrm_status: Object.fromEntries(lrm),
  };
}

/** What the manager thinks of a node: there, gone, or to be fenced. */
function nodeWord(ha: HaState, node: NodeState): string {
  if (ha.services.some((row) => row['node'] === node.name && row['crm_state'] === 'fence')) return 'fence';
  return isOnline(node) ? 'online' : 'unknown';
}
