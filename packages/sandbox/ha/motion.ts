import type { State } from '../state/model.ts';
import { partners, placeOf } from './placement.ts';
import { serviceOf } from './service.ts';

/** What moving a service to a node means for others: PVE::HA::Helpers, get_resource_motion_info. */
export interface Motion {
  /** Those that have to be where it is. */
  along: string[];
  /** Those on the target that it has to be apart from. */
  blocking: string[];
}

export function motionOf(state: State, sid: string, target: string): Motion {
  return {
    along: partners(state, sid, 'positive').filter((other) => serviceOf(state, other)),
    blocking: partners(state, sid, 'negative').filter((other) => placeOf(state, other) === target),
  };
}
