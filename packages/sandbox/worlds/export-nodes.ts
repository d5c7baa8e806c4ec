import type { Row } from '../state/model.ts';
import { exportFirewall, exportSeries, read, rowsOf, withoutSecrets, type Get } from './export-read.ts';

const PARTS: [key: string, path: string][] = [
  ['status', 'status'],
  ['time', 'time'],
  ['version', 'version'],
  ['qemu', 'qemu'],
  ['lxc', 'lxc'],
  ['storage', 'storage'],
  ['zfs', 'disks/zfs'],
  ['disks', 'disks/list'],
  ['lvm', 'disks/lvm'],
  ['lvmthin', 'disks/lvmthin'],
  ['directory', 'disks/directory'],
  ['pci', 'hardware/pci'],
  ['usb', 'hardware/usb'],
  ['network', 'network'],
  ['dns', 'dns'],
  ['hosts', 'hosts'],
  ['updates', 'apt/update'],
  ['apt_versions', 'apt/versions'],
  ['repositories', 'apt/repositories'],
  ['certificates', 'certificates/info'],
  ['replication', 'replication'],
  ['subscription', 'subscription'],
  ['services', 'services'],
  ['config', 'config'],
];

/** Logs of failed tasks and of backups are worth keeping; the rest is not read. */
function isWorthALog(task: Row): boolean {
  return task['type'] === 'vzdump' || (task['status'] !== undefined && task['status'] !== 'OK');
}

/** All of one node, except its guests. */
export async function exportNode(get: Get, node: string, { history }: { history: boolean }): Promise<Row> {
  const base = `/nodes/${node}`;
  const whole: Row = {};
  for (const [key, path] of PARTS) whole[key] = withoutSecrets(await read(get, `${base}/${path}`));
  const storages = rowsOf(whole['storage']).filter((row) => row['active'] === 1);
  const zfs = rowsOf(whole['zfs']).map(({ name }) => String(name));
  whole['zfs_detail'] = await byKey(zfs, (name) => read(get, `${base}/disks/zfs/${encodeURIComponent(name)}`));
  const devices = rowsOf(whole['disks']).map(({ devpath }) => String(devpath));
  whole['smart'] = await byKey(devices, (disk) => read(get, `${base}/disks/smart`, { disk }));
  const ids = storages.map(({ storage }) => String(storage));
  whole['content'] = await byKey(ids, (id) => read(get, `${base}/storage/${id}/content`));
  const tasks = await read(get, `${base}/tasks`, { limit: '500', source: 'all' });
  const logged = rowsOf(tasks)
    .filter(isWorthALog)
    .map(({ upid }) => String(upid));
  whole['tasks'] = tasks;
  whole['task_logs'] = await byKey(logged, (upid) => read(get, `${base}/tasks/${upid}/log`, { limit: '0' }));
  whole['firewall'] = await exportFirewall(get, `${base}/firewall`);
  if (!history) return whole;
  whole['storage_rrd'] = await byKey(ids, (id) => exportSeries(get, `${base}/storage/${id}`));
  whole['rrd'] = await exportSeries(get, base);
  return whole;
}

async function byKey(keys: readonly string[], one: (key: string) => Promise<unknown>): Promise<Row> {
  const found: Row = {};
  for (const key of keys) {
    const value = await one(key);
    if (value !== null) found[key] = withoutSecrets(value);
  }
  return found;
}
