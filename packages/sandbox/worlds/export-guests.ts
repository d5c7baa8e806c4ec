import type { Row } from '../state/model.ts';
import { exportFirewall, exportSeries, read, rowsOf, withoutSecrets, type Get } from './export-read.ts';

/** Guests that are read at the same time. */
const AT_ONCE = 8;

/** Every guest's configuration, status, snapshots, inside and history, by the id of its resource. */
export async function exportGuests(get: Get, rows: readonly Row[], { history }: { history: boolean }): Promise<Row> {
  const guests: Row = {};
  for (let i = 0; i < rows.length; i += AT_ONCE) {
    const some = rows.slice(i, i + AT_ONCE);
    const read = await Promise.all(some.map((row) => exportGuest(get, row, { history })));
    some.forEach((row, index) => (guests[String(row['id'])] = read[index]));
  }
  return guests;
}

async function exportGuest(get: Get, row: Row, { history }: { history: boolean }): Promise<Row> {
  const base = `/nodes/${String(row['node'])}/${String(row['id'])}`;
  const qemu = row['type'] === 'qemu';
  const snapshots = await read(get, `${base}/snapshot`);
  const inside = qemu ? `${base}/agent/network-get-interfaces` : `${base}/interfaces`;
  return {
    config: withoutSecrets(await read(get, `${base}/config`, { current: '1' })),
    status: await read(get, `${base}/status/current`),
    snapshots,
    snapshot_configs: await snapshotConfigs(get, base, rowsOf(snapshots)),
    interfaces: row['status'] === 'running' ? await read(get, inside) : null,
    agent: qemu && row['status'] === 'running' ? await exportAgent(get, base) : null,
    firewall: await exportFirewall(get, `${base}/firewall`),
    ...(history ? { rrd: await exportSeries(get, base) } : {}),
  };
}

/** What the agent of a VM that has one tells besides its addresses. */
async function exportAgent(get: Get, base: string): Promise<Row | null> {
  const fsinfo = await read(get, `${base}/agent/get-fsinfo`);
  if (fsinfo === null) return null;
  const osinfo = await read(get, `${base}/agent/get-osinfo`);
  const result = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'result' in value ? value.result : null;
  return { fsinfo: result(fsinfo), osinfo: result(osinfo) };
}

async function snapshotConfigs(get: Get, base: string, snapshots: readonly Row[]): Promise<Row> {
  const configs: Row = {};
  for (const { name } of snapshots) {
    if (name === 'current') continue;
    const path = `${base}/snapshot/${encodeURIComponent(String(name))}/config`;
    configs[String(name)] = withoutSecrets(await read(get, path));
  }
  return configs;
}
