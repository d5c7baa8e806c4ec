import type { Call } from '../behaviour.ts';
import { flagParam, sidOf } from '../behaviours/common.ts';
import { wakeCrm } from '../ha/crm.ts';
import type { Guest, GuestConfig, State } from '../state/model.ts';
import { died } from './work.ts';

/** A guest that was never started, locked while it is being made. */
export function addGuest(state: State, vmid: number, type: Guest['type'], node: string, config: GuestConfig): Guest {
  const use = { cpu: 0, mem: 0, disk: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0 };
  const guest: Guest = { vmid, type, node, config, status: 'stopped', bootTime: 0, use, snapshots: [] };
  state.guests.set(vmid, guest);
  return guest;
}

/** Refuses a number that a guest has, in the words of PVE::Cluster::check_vmid_unused; `prefix` as the call has it. */
export function mustBeFree(state: State, vmid: number, prefix: string): void {
  const taken = state.guests.get(vmid);
  if (!taken) return;
  const name = taken.type === 'qemu' ? 'VM' : 'CT';
  throw died(`${prefix}${name} ${vmid} already exists on node '${taken.node}'`);
}

/** Puts a guest into a pool. */
export function joinPool(call: Call, vmid: number, poolid: string | undefined): void {
  if (poolid === undefined) return;
  const { access } = call.state;
  const pools = access.pools.map((pool) =>
    pool.poolid === poolid && !pool.vms.map(Number).includes(vmid) ? { ...pool, vms: [...pool.vms, vmid] } : pool,
  );
  call.state.access = { ...access, pools };
}

/** PVE::RPCEnvironment::check_pool_exist. */
export function poolMustExist(call: Call, poolid: string | undefined): void {
  if (poolid === undefined || call.state.access.pools.some((pool) => pool.poolid === poolid)) return;
  throw died(`pool '${poolid}' does not exist`);
}

/** The newly made guest under HA: to be started where the call says so, else to stay off. */
export function addToHa(call: Call, guest: Guest): void {
  const sid = sidOf(guest);
  const { ha } = call.state;
  if (ha.resources.some((resource) => resource['sid'] === sid)) return;
  const state = flagParam(call, 'start') ? 'started' : 'stopped';
  ha.resources = [...ha.resources, { sid, type: sid.slice(0, 2), state }];
  wakeCrm(call);
}
