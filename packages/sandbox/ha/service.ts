import { sidOf } from '../behaviours/common.ts';
import type { Guest, Row, State } from '../state/model.ts';

/** Where a service stands with the cluster's manager (PVE::HA::Manager, valid_service_states). */
export type CrmState =
  'started' | 'stopped' | 'request_stop' | 'migrate' | 'relocate' | 'fence' | 'recovery' | 'freeze' | 'error';

export type Wanted = 'started' | 'stopped' | 'disabled' | 'ignored';

/** What of a resource shows with its service too (PVE::API2::HA::Status). */
const SHOWN = ['group', 'max_restart', 'max_relocate', 'failback', 'comment'];

export function resourceOf(state: State, sid: string): Row | undefined {
  return state.ha.resources.find((row) => row['sid'] === sid);
}

export function serviceOf(state: State, sid: string): Row | undefined {
  return state.ha.services.find((row) => row['sid'] === sid);
}

/** The guest that an id such as `vm:100` names. */
export function guestBySid(state: State, sid: string): Guest | undefined {
  const guest = state.guests.get(Number(sid.split(':')[1]));
  return guest && sidOf(guest) === sid ? guest : undefined;
}

/** `enabled` is an old word for `started`, which is also the default. */
export function wantedState(resource: Row | undefined): Wanted {
  const word = resource?.['state'] ?? 'started';
  return word === 'enabled' ? 'started' : (word as Wanted); // one of the schema's enumeration
}

export function crmStateOf(service: Row): CrmState {
  const word = String(service['crm_state'] ?? service['state']);
  return (word === 'queued' ? 'started' : word) as CrmState; // what the manager wrote
}

/** How often something may be tried; 1 where nothing was said. */
export function limitOf(resource: Row | undefined, key: 'max_restart' | 'max_relocate'): number {
  return Number(resource?.[key] ?? 1);
}

/** PVE::HA::Tools::get_verbose_service_state: what is under way shows at once. */
function verboseState(crm: CrmState, wanted: Wanted, runs: boolean): string {
  if (wanted === 'ignored') return 'ignored';
  if (crm === 'stopped') return wanted === 'started' ? 'starting' : wanted === 'disabled' ? 'disabled' : 'stopped';
  if (crm === 'started') return !runs ? 'starting' : wanted === 'started' ? 'started' : 'stopping';
  if (crm === 'error' && wanted === 'disabled') return 'clearing error flag';
  return crm;
}

interface Changes {
  node?: string;
  crm?: CrmState;
  /** Where it is going to; a change of `crm` without one takes the old one away. */
  target?: string | undefined;
}

/** Writes down where a service stands; fields that are left out stay. Lists are never changed in place. */
export function showService(state: State, sid: string, changes: Changes = {}): void {
  const before = serviceOf(state, sid);
  const resource = resourceOf(state, sid);
  const guest = guestBySid(state, sid);
  const node = changes.node ?? String(before?.['node'] ?? guest?.node ?? '');
  const crm = changes.crm ?? (before ? crmStateOf(before) : 'started');
  const word = resource ? verboseState(crm, wantedState(resource), guest?.status === 'running') : 'deleting';
  const { state: request, ...config } = resource ?? {};
  const replaced = changes.crm === undefined ? SHOWN : [...SHOWN, 'target'];
  const rest = Object.fromEntries(Object.entries(before ?? {}).filter(([key]) => !replaced.includes(key)));
  const row: Row = {
    ...rest,
    sid,
    node,
    state: word,
    crm_state: crm,
    ...(changes.target === undefined ? {} : { target: changes.target }),
    ...(resource ? { request_state: request ?? 'started' } : {}),
    ...Object.fromEntries(SHOWN.filter((key) => config[key] !== undefined).map((key) => [key, config[key]])),
    status: `${sid} (${node}, ${word})`,
  };
  const others = state.ha.services;
  state.ha.services = before ? others.map((one) => (one === before ? row : one)) : [...others, row];
}

export function dropService(state: State, sid: string): void {
  state.ha.services = state.ha.services.filter((row) => row['sid'] !== sid);
}

/** Replaces fields of a resource's configuration; undefined takes one away. What is shown of it follows. */
export function changeResource(state: State, sid: string, changes: Row): void {
  state.ha.resources = state.ha.resources.map((row) => {
    if (row['sid'] !== sid) return row;
    return Object.fromEntries(Object.entries({ ...row, ...changes }).filter(([, value]) => value !== undefined));
  });
  if (serviceOf(state, sid)) showService(state, sid);
}
