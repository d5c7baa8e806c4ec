import type { Behaviours, Call } from '../behaviour.ts';
import type { Guest, Row } from '../state/model.ts';
import { figuresTime, flagParam, guestOf, sidOf } from './common.ts';
import { isHaManaged } from '../guests/work.ts';
import { statusRow } from './guest-rows.ts';
import { machineFields } from './guest-machine.ts';
import { hastates } from './ha-status.ts';

/** Lists of a node's guests, and what one guest is doing now. */
export const guests: Behaviours = {
  'GET /nodes/{node}/qemu': (call) =>
    visible(call, 'qemu').map((guest) => {
      const row = listRow(call, guest);
      return flagParam(call, 'full') ? { ...row, qmpstatus: qmpstatus(guest) } : row;
    }),
  'GET /nodes/{node}/lxc': (call) => visible(call, 'lxc').map((guest) => listRow(call, guest)),
  'GET /nodes/{node}/qemu/{vmid}/status/current': (call) => {
    const guest = guestOf(call, 'qemu');
    const row = current(call, guest);
    return {
      ...row,
      qmpstatus: qmpstatus(guest),
      ...machineFields(guest, row, call.version.major),
      ...guest.extra,
    };
  },
  'GET /nodes/{node}/lxc/{vmid}/status/current': (call) => {
    const guest = guestOf(call, 'lxc');
    return { ...current(call, guest), ...guest.extra };
  },
};

function visible(call: Call, type: Guest['type']): Guest[] {
  return [...call.state.guests.values()].filter(
    (guest) => guest.type === type && guest.node === call.node && call.access.can(`/vms/${guest.vmid}`, 'VM.Audit'),
  );
}

function listRow(call: Call, guest: Guest): Row {
  return { ...guest.listExtra, ...statusRow(call.state, guest, figuresTime(call), call.version.major) };
}

/** Unlike the lists, this is no older than the request. */
function current(call: Call, guest: Guest): Row {
  const row = statusRow(call.state, guest, call.clock.now() / 1000, call.version.major);
  if (!isHaManaged(call.state, guest)) return { ...row, ha: { managed: 0 } };
  // the configuration says whether it is managed, and the manager what it makes of it (PVE::HA::Config, get_service_status)
  const state = hastates(call).get(sidOf(guest)) ?? null;
  return { ...row, ha: { managed: 1, state, ...haGroup(call, guest) } };
}

/** The HA stack hands the resource's own settings along. */
function haGroup(call: Call, guest: Guest): Row {
  const resource = call.state.ha.resources.find(({ sid }) => sid === sidOf(guest));
  return resource?.['group'] === undefined ? {} : { group: resource['group'] };
}

function qmpstatus(guest: Guest): string {
  return guest.qmpstatus ?? guest.status;
}
