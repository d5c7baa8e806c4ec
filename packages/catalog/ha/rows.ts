import { asFlag, asList } from '@pxa/pve/values';
import {
  baseText,
  type Cell,
  draft,
  type Draft,
  pointer,
  type Reading,
  type Rec,
  type RowsReader,
  type Unknown,
  unknownCell,
} from '../kit/index.ts';

/**
 * The guests that the HA manager looks after, as its status has them, each with what the same call tells of its node's
 * local resource manager, and with the cluster's quorum.
 */
export const haRows: RowsReader = async (reading) => {
  const got = await reading.list('/cluster/ha/status/current', {});
  if (!got.ok) {
    reading.lacks('HA resources', got.why, got.nextStep);
    return [];
  }
  const services = got.data.filter(({ data }) => data['type'] === 'service' && typeof data['sid'] === 'string');
  const cluster = services.length > 0 ? await clusterCells(reading) : {};
  return services.map((rec) => {
    const sid = String(rec.data['sid']);
    const lrm = got.data.find(({ data }) => data['type'] === 'lrm' && data['node'] === rec.data['node']);
    return draft(`ha/${sid}`, rec, {
      ...cluster,
      guest: { value: guestOf(sid), at: pointer(rec.at, 'sid') },
      vmid: { value: Number(sid.split(':')[1]), at: pointer(rec.at, 'sid') },
      lrm: lrm
        ? { value: String(lrm.data['status']), at: pointer(lrm.at, 'status') }
        : unknownCell('the HA manager names no local resource manager of its node'),
    });
  });
};

/** `vm:100` → `qemu/100`. */
function guestOf(sid: string): string {
  const [type = '', id = ''] = sid.split(':');
  return `${type === 'ct' ? 'lxc' : 'qemu'}/${id}`;
}

async function clusterCells(reading: Reading): Promise<Record<string, Cell>> {
  const got = await reading.list('/cluster/status', {});
  if (!got.ok) return { cluster: unknownCell(got.why), quorum: unknownCell(got.why) };
  const record = got.data.find(({ data }) => data['type'] === 'cluster');
  if (record === undefined) return {};
  const nodes = got.data.filter(({ data }) => data['type'] === 'node');
  const online = nodes.filter(({ data }) => asFlag(data['online']) === true);
  const state = asFlag(record.data['quorate']) === true ? 'OK' : 'LOST';
  return {
    cluster: { value: String(record.data['name']), at: pointer(record.at, 'name') },
    quorum: {
      value: `${state} (${online.length}/${nodes.length} nodes)`,
      at: `quorate, online nodes: ${pointer(record.at, 'quorate')}, ${nodes.map(({ at }) => pointer(at, 'online')).join(', ')}`,
    },
  };
}

/** What was configured for the resource: the wanted state, the group (8.x), failback, the comment. */
export async function configOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  const got = await reading.list('/cluster/ha/resources', {});
  if (!got.ok) return { unknown: got.why };
  const sid = baseText(row, 'sid');
  return got.data.find(({ data }) => data['sid'] === sid) ?? { unknown: `${sid} is not among the HA resources` };
}

/** Where a resource may run: its group (8.x), or the rules that name it (9.x). */
export async function placementOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  const config = await configOf(reading, row);
  if ('unknown' in config) return config;
  if (typeof config.data['group'] === 'string')
    return { data: { names: [config.data['group']] }, at: pointer(config.at, 'group') };
  const got = await reading.list('/cluster/ha/rules', {});
  // 8.x has no rules: a resource without a group may then run anywhere.
  if (!got.ok) return { data: { names: [] }, at: pointer(config.at, 'group') };
  const sid = baseText(row, 'sid');
  const rules = got.data.filter(({ data }) => asList(data['resources']).includes(sid));
  return {
    data: { names: rules.map(({ data }) => String(data['rule'])) },
    at: rules.length > 0 ? rules.map(({ at }) => pointer(at, 'rule')).join(', ') : got.at,
  };
}
