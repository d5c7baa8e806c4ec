import type { Behaviours, Call } from '../behaviour.ts';
import { toBase } from '../guests/to-base.ts';
import { changeConfig, checkLock, died, startTask } from '../guests/work.ts';
import type { Guest } from '../state/model.ts';
import { guestOf } from './common.ts';
import { isTemplate } from './guest-rows.ts';

/** Guests that become templates, from which others are cloned. */
export const templateWrites: Behaviours = {
  'POST /nodes/{node}/qemu/{vmid}/template': (call) => {
    const guest = convertible(call, 'qemu');
    changeConfig(guest, { template: 1 });
    return startTask(call, 'qmtemplate', async (task) => {
      await task.wait(1000);
      toBase(call, guest);
    });
  },

  'POST /nodes/{node}/lxc/{vmid}/template': (call) => {
    const guest = convertible(call, 'lxc');
    changeConfig(guest, { template: 1 });
    startTask(call, 'vztemplate', async (task) => {
      await task.wait(1000);
      toBase(call, guest);
    });
    return null;
  },
};

function convertible(call: Call, type: Guest['type']): Guest {
  const guest = guestOf(call, type);
  const [what, that] = type === 'qemu' ? ['VM', 'VM'] : ['CT', 'the CT'];
  checkLock(call, guest);
  if (guest.snapshots.some(({ name }) => name !== 'current')) {
    throw died(`unable to create template, because ${what} contains snapshots`);
  }
  if (isTemplate(guest)) throw died("you can't convert a template to a template");
  if (guest.status === 'running') throw died(`you can't convert a ${what} to template if ${that} is running`);
  return guest;
}
