import type { Behaviours } from '../behaviour.ts';
import { cloneWrites } from './clone-writes.ts';
import { containerCreateWrites } from './container-create-writes.ts';
import { containerPowerWrites } from './container-power-writes.ts';
import { destroyWrites } from './destroy-writes.ts';
import { guestConfigWrites } from './guest-config-writes.ts';
import { guestDiskWrites } from './guest-disk-writes.ts';
import { migrateWrites } from './migrate-writes.ts';
import { snapshotWrites } from './snapshot-writes.ts';
import { templateWrites } from './template-writes.ts';
import { vmCreateWrites } from './vm-create-writes.ts';
import { vmPowerWrites } from './vm-power-writes.ts';

/** Every change of a guest that the sandbox models. */
export const guestWrites: Behaviours = {
  ...vmPowerWrites,
  ...containerPowerWrites,
  ...guestConfigWrites,
  ...guestDiskWrites,
  ...snapshotWrites,
  ...templateWrites,
  ...cloneWrites,
  ...vmCreateWrites,
  ...containerCreateWrites,
  ...destroyWrites,
  ...migrateWrites,
};
