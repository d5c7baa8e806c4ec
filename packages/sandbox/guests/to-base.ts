import type { Call } from '../behaviour.ts';
import type { Guest } from '../state/model.ts';
import { disksOf } from './disks.ts';
import { withVolume } from './drive-size.ts';
import { changeVolume, takesSnapshots } from './volumes.ts';
import { changeConfig } from './work.ts';

/** Each disk becomes a base image, where its storage has such. */
export function toBase(call: Call, guest: Guest): void {
  for (const { key, volid, cdrom } of disksOf(guest.config)) {
    if (cdrom || key.startsWith('unused') || !takesSnapshots(call.state, volid)) continue;
    const base = volid.replace(/([:/])vm-(?=\d+-)/, '$1base-').replace(/([:/])subvol-(?=\d+-)/, '$1basevol-');
    changeVolume(call.state, guest.node, volid, { volid: base });
    changeConfig(guest, { [key]: withVolume(String(guest.config[key]), base) });
  }
}
