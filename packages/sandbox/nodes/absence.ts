import type { NodeState } from '../state/model.ts';

/** Why a node is not there: each reason for itself, as one may end while another lasts. */
interface Absence {
  /** It was gone when the sandbox began, and nothing brings it back. */
  always: boolean;
  /** It has no power. */
  isOff: boolean;
  /** Faults that have it lost. */
  faults: number;
}

const absences = new WeakMap<NodeState, Absence>();

function absenceOf(node: NodeState): Absence {
  const known = absences.get(node) ?? { always: node.offlineSince !== undefined, isOff: false, faults: 0 };
  absences.set(node, known);
  return known;
}

/** Changes the reasons; gives since when it was gone where it is back by that. */
export function changeAbsence(
  node: NodeState,
  nowMs: number,
  change: { isOff: boolean } | { fault: 'begins' | 'ends' },
): number | undefined {
  const absence = absenceOf(node);
  if ('isOff' in change) absence.isOff = change.isOff;
  else absence.faults += change.fault === 'begins' ? 1 : -1;
  const goneSince = node.offlineSince;
  const isGone = absence.always || absence.isOff || absence.faults > 0;
  node.offlineSince = isGone ? (goneSince ?? nowMs) : undefined;
  return isGone ? undefined : goneSince;
}
