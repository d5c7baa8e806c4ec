import type { Filter, Query, Row, View } from '@pxa/contract';
import { Cells, GiB, MiB } from '../http/cells.ts';
import type { Unavailable } from '../http/envelope.ts';
import { all, same } from '../http/filter.ts';
import { lookAt } from '../http/look.ts';
import type { Place } from '../http/pages.ts';
import { notAcceptable } from '../http/problem.ts';
import type { Connection } from '../connections/connection.ts';
import type { Service } from '../service.ts';
import { environmentOf } from './environment.ts';
import { idText } from './ids.ts';
import type { KindOfGuest } from './kinds.ts';
import { PAUSED, vmidOf, wordOf } from './own-word.ts';
import { scanned } from './scans.ts';
import { type GuestListQuery, type GuestSummary, KnownStatus } from './schemas.ts';

const COLUMNS = ['vmid', 'name', 'node', 'status', 'lock', 'maxcpu', 'maxmem', 'maxdisk', 'tags'];

/** When a guest was made stands in its own configuration: with more than these, they are not all read for an order. */
const MOST_READ = 1_000;

/**
 * The guests of a cluster that are asked for. One call to Proxmox, which says of a paused VM that it runs: those that are
 * known to have been paused are asked about, one call more for each node that has one, and where paused ones are asked
 * for, each node. Where the order is that of their making, one more a guest. @throws Problem
 */
export async function listGuests(
  service: Service,
  { name, cluster }: Connection,
  of: KindOfGuest,
  query: GuestListQuery,
): Promise<ListedGuest[]> {
  const { environment, status } = query;
  const columns = [...COLUMNS, ...(status === 'paused' ? ['state'] : [])];
  const isTellable = of.kind === 'vm' && (status === undefined || status === 'running');
  const doubted = isTellable ? await service.kept.seenAs(name, PAUSED) : [];
  const areAsked = (rows: readonly Row[] = []): Row[] => rows.filter((row) => isAsked(row, { environment, status }));
  const follow = ([list]: readonly View[]): Query[] => [
    ...(doubted.length === 0 ? [] : [wordOf(doubted.map(vmidOf))]),
    ...(query.sort === 'created_at' ? [makingOf(of, areAsked(list?.rows))] : []),
  ];
  const { views } = await lookAt(cluster, [{ ...lookOf(of, query), columns }], { follow });
  const [list, ...more] = views.map(({ rows }) => rows);
  return areAsked(withMore(list, more.flat())).map((row) => {
    const vmid = new Cells(row).number('vmid') ?? 0;
    return { id: idText(service, name, of.kind, vmid), row };
  });
}

/** A guest of a list: told in full only where it is on the page. */
export interface ListedGuest {
  readonly id: string;
  readonly row: Row;
}

/** When each of these was made. @throws Problem 422 where that cannot be told of all in bounded time */
function makingOf({ kind, type, many }: KindOfGuest, rows: readonly Row[]): Query {
  const refuse = (message: string, reason: string): Error =>
    notAcceptable(message, { field: 'sort', reason, provided_value: 'created_at' });
  if (kind === 'ct') throw refuse('Proxmox does not keep when a container was made.', 'not_known');
  if (rows.length > MOST_READ)
    throw refuse(
      `When each of ${rows.length} ${many} was made would take a call for every one: choose fewer by node, tag, status or environment.`,
      'too_many',
    );
  const vmids = rows.flatMap((row) => new Cells(row).number('vmid') ?? []);
  const where = all(same('type', type), { op: 'in', column: 'vmid', values: vmids });
  return { dataset: 'guests', where, columns: ['vmid', 'created'] };
}

/** Rows of the list, with what else was told of them. */
function withMore(list: readonly Row[] = [], more: readonly Row[]): readonly Row[] {
  const told = new Map<string, Row['cells']>();
  for (const { id, cells } of more) told.set(id, { ...told.get(id), ...cells });
  return told.size === 0 ? list : list.map((row) => ({ ...row, cells: { ...row.cells, ...told.get(row.id) } }));
}

/** What the list was not asked for: an environment is one tag or another, and a VM that is paused does not run. */
function isAsked(row: Row, { environment, status }: Pick<GuestListQuery, 'environment' | 'status'>): boolean {
  const isPaused = status === 'running' && new Cells(row).text('state') === PAUSED;
  return !isPaused && (environment === undefined || environmentOf(tagsOf(row)) === environment);
}

function lookOf({ type }: KindOfGuest, query: GuestListQuery): Query {
  const { status, template, tag, node } = query;
  const isSo = (column: string, value: string | undefined): Filter | undefined =>
    value === undefined ? undefined : same(column, value);
  const state = status === 'paused' ? all(same('status', 'running'), same('state', status)) : isSo('status', status);
  const where = all(same('type', type), same('template', template), state, isSo('tags', tag), isSo('node', node));
  return { dataset: 'guests', where };
}

const tagsOf = (row: Row): string[] => new Cells(row).list('tags');

function summaryOf({ id, row }: ListedGuest): GuestSummary {
  const cells = new Cells(row);
  const tags = cells.list('tags');
  return {
    id,
    name: cells.text('name'),
    status: statusOf(cells),
    environment: environmentOf(tags),
    node: cells.text('node') ?? '',
    cpu_cores: cells.number('maxcpu'),
    memory_mb: cells.in(MiB, 'maxmem'),
    storage_gb: cells.in(GiB, 'maxdisk'),
    ip_address: null,
    os_type: null,
    created_at: cells.time('created'),
    updated_at: null,
    tags,
    security: { encrypted: null, firewall_enabled: null, last_security_scan: null, compliance_score: null },
  };
}

/** Guests as a list tells of them, with what their newest security scans came to. */
export async function summaries(service: Service, guests: readonly ListedGuest[]): Promise<GuestSummary[]> {
  const scans = await scanned(
    service,
    guests.map(({ id }) => id),
  );
  return guests.map((listed) => {
    const guest = summaryOf(listed);
    const { last_security_scan = null, compliance_score = null } = scans.get(guest.id) ?? {};
    return { ...guest, security: { ...guest.security, last_security_scan, compliance_score } };
  });
}

/** As the list tells it; a VM that sleeps on disk is stopped with a lock. */
function statusOf(cells: Cells): GuestSummary['status'] {
  const isAsleep = cells.text('status') === 'stopped' && cells.text('lock')?.startsWith('suspend') === true;
  return isAsleep ? 'hibernated' : KnownStatus.parse(cells.text('state') ?? cells.text('status'));
}

/** Where a guest stands in the order that was asked for. */
export function placeOf({ id: text, row }: ListedGuest, sort: GuestListQuery['sort']): Place {
  const id = text.replace(/\d+$/, (digits) => digits.padStart(9, '0'));
  return { key: sort === 'id' ? id : keyOf(new Cells(row), sort), id };
}

function keyOf(cells: Cells, sort: Exclude<GuestListQuery['sort'], 'id'>): string {
  switch (sort) {
    case 'name':
      return cells.text('name') ?? '';
    case 'status':
      return statusOf(cells);
    case 'created_at':
      return cells.time('created') ?? '';
  }
}

/** What a list does not tell, and why: the configuration of each guest does, one by one. */
export function notListed(of: KindOfGuest, query: GuestListQuery, rows: readonly GuestSummary[]): Unavailable[] {
  const fields = ['ip_address', 'os_type', 'updated_at', 'security.encrypted', 'security.firewall_enabled'];
  if (query.sort !== 'created_at') fields.push('created_at');
  const scans = (['last_security_scan', 'compliance_score'] as const).filter((key) =>
    rows.some(({ security }) => security[key] === null),
  );
  const reason =
    'A VM that something else than a task of Proxmox has paused is listed as running: status=paused asks each node.';
  const paused = { field: 'status', reason };
  return [
    ...fields.map((field) => ({ field, reason: `Not in a list: ask for the one ${of.called}.` })),
    ...scans.map((key) => ({ field: `security.${key}`, reason: 'Not all of them have been scanned.' })),
    ...(of.kind === 'vm' && (query.status === undefined || query.status === 'running') ? [paused] : []),
  ];
}
