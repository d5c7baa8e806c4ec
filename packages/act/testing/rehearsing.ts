import { Run } from '@pxa/ask';
import type { Change, PlanRecord } from '@pxa/contract';
import type { State } from '@pxa/sandbox';
import { valuesOf } from '../after-state.ts';
import { type Rehearsed, rehearsePlan } from '../rehearse.ts';
import type { Lab } from './lab.ts';

/** A request that reads the lab's cluster, as planning does. */
export function runOn(lab: Lab): Run {
  const { reader } = lab.deps(lab.process()).cluster.session();
  return new Run(reader, new Map(), () => lab.sandbox.clock.now() / 1_000);
}

/** Rehearses a plan on a twin of the lab's cluster. */
export function rehearsedOn(lab: Lab, record: PlanRecord): Promise<Rehearsed> {
  return rehearsePlan(runOn(lab), record, lab.sandbox.tokenId);
}

/** Values that are made up anew on each cluster, or that count since when. */
const MADE_UP: readonly [RegExp, string][] = [
  [/[0-9A-F]{2}(?::[0-9A-F]{2}){5}/g, 'MAC'],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID'],
  // A password with its salt.
  [/\$\d\$[^$\s]+\$\S+/g, 'HASH'],
];

/** Changes as two roads to them should agree, without what is made up. */
export function comparable(changes: readonly Change[]): string[] {
  return changes.map(({ about, key, before, after }) => clean(`${about} ${key}: ${before} → ${after}`)).toSorted();
}

/** All that is compared of some guests, but for their firewalls: a twin has these where the plan is about them. */
export function guestsOf(state: State, vmids: readonly number[]): (readonly [number, Record<string, string>])[] {
  return vmids.map((vmid) => {
    const values = [...valuesOf(state.guests.get(vmid))].filter(([key]) => !key.startsWith('firewall '));
    return [vmid, Object.fromEntries(values.map(([key, value]) => [key, clean(value)] as const))];
  });
}

function clean(value: string): string {
  return MADE_UP.reduce((text, [pattern, word]) => text.replaceAll(pattern, word), value);
}
