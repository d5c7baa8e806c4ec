import type { Guest, Row, State } from '../state/model.ts';

/** Guests that a job names, as its node sees them. */
export interface Selection {
  local: number[];
  /** Named, but there is no such guest: tried, so that it fails for all to see. */
  orphaned: number[];
  elsewhere: number[];
}

function idList(value: unknown): number[] {
  return String(value ?? '')
    .split(/[\s,;\0]+/)
    .filter(Boolean)
    .map(Number);
}

export function isSet(value: unknown): boolean {
  return value === true || value === 1 || value === '1';
}

/** PVE::VZDump::get_included_guests: by pool, by ids, or all but some; on one node or on all. */
function selectedIds(state: State, job: Row): number[] {
  const pool = job['pool'];
  if (pool !== undefined && pool !== '') {
    return state.access.pools.find(({ poolid }) => poolid === pool)?.vms.map(Number) ?? [];
  }
  if (job['vmid'] !== undefined && job['vmid'] !== '') return idList(job['vmid']);
  // whoever names what to leave out wants all else
  if (!isSet(job['all']) && job['exclude'] === undefined) return [];
  const excluded = new Set(idList(job['exclude']));
  return [...state.guests.keys()].filter((vmid) => !excluded.has(vmid));
}

/** Whether a job takes a guest along. */
export function coverage(state: State, job: Row): (guest: Guest) => boolean {
  const ids = new Set(selectedIds(state, job));
  return ({ vmid, node }) => (job['node'] === undefined || job['node'] === node) && ids.has(vmid);
}

/** A job's guests as one node divides them. */
export function selectOn(state: State, node: string, job: Row): Selection {
  const selection: Selection = { local: [], orphaned: [], elsewhere: [] };
  for (const vmid of new Set(selectedIds(state, job))) {
    const guest = state.guests.get(vmid);
    if (!guest) selection.orphaned.push(vmid);
    else if (guest.node === node) selection.local.push(vmid);
    else selection.elsewhere.push(vmid);
  }
  return selection;
}
