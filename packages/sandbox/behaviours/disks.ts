import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import type { Row } from '../state/model.ts';
import { flagParam, nodeOf, offered, textParam } from './common.ts';

/** A node's disks, their health, and what is built of them. */
export const disks: Behaviours = {
  'GET /nodes/{node}/disks/list': (call) => {
    const node = nodeOf(call);
    const type = textParam(call, 'type');
    const rows = offered(node, 'disks', node.disks).filter((row) => type !== 'unused' || row['used'] === undefined);
    if (!flagParam(call, 'skipsmart')) return rows;
    return rows.map(({ health: _health, wearout: _wearout, ...row }) => row);
  },
  'GET /nodes/{node}/disks/smart': smart,
  'GET /nodes/{node}/disks/zfs': (call) => {
    const node = nodeOf(call);
    return offered(node, 'zfs', node.zfs);
  },
  'GET /nodes/{node}/disks/zfs/{name}': (call) => {
    const node = nodeOf(call);
    const name = textParam(call, 'name') ?? '';
    const detail = offered(node, 'zfs', node.zfsDetail)[name];
    if (!detail) throw new PveError(500, `command 'zpool status -P ${name}' failed: exit code 1\n`);
    return detail;
  },
  'GET /nodes/{node}/disks/lvm': (call) => nodeOf(call).lvm,
  'GET /nodes/{node}/disks/lvmthin': (call) => nodeOf(call).lvmthin,
  'GET /nodes/{node}/disks/directory': (call) => nodeOf(call).directory,
  'GET /nodes/{node}/scan/zfs': (call) => {
    const pools = nodeOf(call).zfs.flatMap(({ name }) => [String(name), `${String(name)}/data`]);
    return pools.map((pool) => ({ pool }));
  },
};

function smart(call: Call): Row {
  const node = nodeOf(call);
  const devpath = textParam(call, 'disk') ?? '';
  const disk = node.disks.find((row) => row['devpath'] === devpath);
  if (!disk) throw new PveError(500, `disk '${devpath}' does not exist\n`);
  const health = disk['health'] ?? 'UNKNOWN';
  if (flagParam(call, 'healthonly')) return { health };
  const read = node.smart[devpath];
  if (read) return read;
  const wearout = disk['wearout'];
  return {
    health,
    ...(typeof wearout === 'number' ? { wearout } : {}),
    ...(disk['type'] === 'nvme' ? nvme(disk) : { type: 'ata', attributes: attributes(disk) }),
  };
}

function nvme(disk: Row): Row {
  const left = Number(disk['wearout'] ?? 100);
  const failed = disk['health'] === 'FAILED';
  return {
    type: 'text',
    text: [
      'SMART/Health Information (NVMe Log 0x02)',
      `Critical Warning:                   ${failed ? '0x04' : '0x00'}`,
      'Temperature:                        38 Celsius',
      `Percentage Used:                    ${100 - left}%`,
      'Media and Data Integrity Errors:    0',
      '',
    ].join('\n'),
  };
}

/** The attributes that matter, in step with the disk's health and wear. */
function attributes(disk: Row): Row[] {
  const failed = disk['health'] === 'FAILED';
  const wear = typeof disk['wearout'] === 'number' ? disk['wearout'] : undefined;
  const known: [number, string, number, number, number][] = [
    [5, 'Reallocated_Sector_Ct', failed ? 1 : 100, 10, failed ? 1184 : 0],
    [9, 'Power_On_Hours', 95, 0, 21_873],
    [12, 'Power_Cycle_Count', 99, 0, 31],
    [194, 'Temperature_Celsius', 66, 0, 34],
    [197, 'Current_Pending_Sector', 100, 0, failed ? 27 : 0],
    [199, 'UDMA_CRC_Error_Count', 100, 0, 0],
  ];
  if (wear !== undefined) known.push([177, 'Wear_Leveling_Count', wear, 5, 100 - wear]);
  return known.map(([id, name, value, threshold, raw]) => ({
    id: String(id).padStart(3, ' '),
    name,
    flags: '-O--CK',
    value: String(value).padStart(3, '0'),
    normalized: value,
    worst: String(value).padStart(3, '0'),
    threshold: String(threshold).padStart(3, '0'),
    fail: value <= threshold && threshold > 0 ? 'NOW' : '-',
    raw: String(raw),
  }));
}
