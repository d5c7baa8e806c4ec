import { asNumber, asText } from '@pxa/pve/values';
import { type Cell, draft, type Draft, pointer, type Reading, type Rec } from '../kit/index.ts';

/**
 * All pools from the cluster's one list, with what their guests add up to: templates count as members, not as use. A
 * pool's storages stand only in its own record. Proxmox lists the pools on which the user has Pool.Audit.
 */
export async function poolRows(reading: Reading): Promise<Draft[]> {
  const got = await reading.list('/cluster/resources', {});
  if (!got.ok) {
    reading.lacks('pools', got.why, got.nextStep);
    return [];
  }
  const only = reading.only('pool');
  const guests = got.data.filter(({ data }) => data['type'] === 'qemu' || data['type'] === 'lxc');
  return got.data
    .filter(({ data }) => data['type'] === 'pool' && (only === undefined || only.includes(asText(data['pool']) ?? '')))
    .map((rec) => {
      const pool = asText(rec.data['pool']) ?? '';
      const members = guests.filter(({ data }) => data['pool'] === pool);
      return draft(`pool/${pool}`, rec, totals(members, got.at));
    });
}

function totals(members: readonly Rec[], list: string): Record<string, Cell> {
  const counted = members.filter(({ data }) => Number(data['template'] ?? 0) !== 1);
  const running = counted.filter(({ data }) => data['status'] === 'running');
  const count = (of: readonly Rec[], key: string): Cell => ({
    value: of.length,
    at: of.length === 0 ? `count of 0: ${list}` : `count of ${of.length}: ${places(of, key)}`,
  });
  const sum = (of: readonly Rec[], key: string): Cell => ({
    value: of.reduce((total, { data }) => total + (asNumber(data[key]) ?? 0), 0),
    at: of.length === 0 ? `sum of 0: ${list}` : `sum of ${of.length}: ${places(of, key)}`,
  });
  return {
    guests: count(counted, 'pool'),
    templates: count(
      members.filter((each) => !counted.includes(each)),
      'template',
    ),
    running: count(running, 'status'),
    vcpus: sum(counted, 'maxcpu'),
    maxmem: sum(counted, 'maxmem'),
    mem: sum(running, 'mem'),
    maxdisk: sum(counted, 'maxdisk'),
    guest_ids: {
      value: members.map(({ data }) => `${String(data['type'])}/${String(data['vmid'])}`),
      at: members.length === 0 ? list : places(members, 'pool'),
    },
  };
}

const mostPlaces = 20;

function places(of: readonly Rec[], key: string): string {
  const more = of.length > mostPlaces ? `, and ${of.length - mostPlaces} more` : '';
  return (
    of
      .slice(0, mostPlaces)
      .map(({ at }) => pointer(at, key))
      .join(', ') + more
  );
}
