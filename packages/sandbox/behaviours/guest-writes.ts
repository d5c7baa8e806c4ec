import type { Behaviours } from '../behaviour.ts';
import { containerPowerWrites } from './container-power-writes.ts';
import { vmPowerWrites } from './vm-power-writes.ts';

/** Every change of a guest that the sandbox models. */
export const guestWrites: Behaviours = {
  ...vmPowerWrites,
  ...containerPowerWrites,
};
