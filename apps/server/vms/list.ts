import type { Assistant } from '@pxa/assistant';
import type { Filter, Query, Row } from '@pxa/contract';
import type { Unavailable } from '../http/envelope.ts';
import { lookAt } from '../http/look.ts';
import type { Place } from '../http/pages.ts';
import { Cells, GiB, MiB } from '../http/cells.ts';
import { environmentOf } from './environment.ts';
import { type VmListQuery, VmStatus, type VmSummary } from './schemas.ts';

const COLUMNS = ['vmid', 'name', 'node', 'status', 'maxcpu', 'maxmem', 'maxdisk', 'tags'];

/** What one list of the cluster does not tell: the configuration of each guest does, one by one. */
export const NOT_LISTED: readonly Unavailable[] = [
  'ip_address',
  'os_type',
  'created_at',
  'updated_at',
  'security.encrypted',
  'security.firewall_enabled',
].map((field) => ({ field, reason: 'Not in a list: ask for the one VM.' }));

/** The VMs of a cluster that are asked for, in order. One call to Proxmox. @throws Problem */
export async function listVms(
  cluster: Assistant,
  query: VmListQuery,
  id: (vmid: number) => string,
): Promise<VmSummary[]> {
  const { views } = await lookAt(cluster, [lookOf(query)]);
  const rows = (views[0]?.rows ?? []).map((row) => summaryOf(row, id));
  return query.environment === undefined ? rows : rows.filter(({ environment }) => environment === query.environment);
}

function lookOf({ status, template, tag, node }: VmListQuery): Query {
  const same = (column: string, value: string | boolean): Filter => ({ op: 'compare', column, is: '=', value });
  const of: Filter[] = [
    same('type', 'qemu'),
    same('template', template),
    ...(status === undefined ? [] : [same('status', status)]),
    ...(tag === undefined ? [] : [same('tags', tag)]),
    ...(node === undefined ? [] : [same('node', node)]),
  ];
  return { dataset: 'guests', where: { op: 'and', of }, columns: COLUMNS };
}

function summaryOf(row: Row, id: (vmid: number) => string): VmSummary {
  const cells = new Cells(row);
  const tags = cells.list('tags');
  return {
    id: id(cells.number('vmid') ?? 0),
    name: cells.text('name'),
    status: VmStatus.catch('unknown').parse(cells.text('status')),
    environment: environmentOf(tags),
    node: cells.text('node') ?? '',
    cpu_cores: cells.number('maxcpu'),
    memory_mb: cells.in(MiB, 'maxmem'),
    storage_gb: cells.in(GiB, 'maxdisk'),
    ip_address: null,
    os_type: null,
    created_at: null,
    updated_at: null,
    tags,
    security: { encrypted: null, firewall_enabled: null, last_security_scan: null, compliance_score: null },
  };
}

/** Where a VM stands in the order that was asked for. */
export function placeOf(vm: VmSummary, sort: VmListQuery['sort']): Place {
  const id = vm.id.replace(/\d+$/, (digits) => digits.padStart(9, '0'));
  return { key: sort === 'id' ? id : (vm[sort] ?? ''), id };
}
