import { createHash } from 'node:crypto';
import type { PlanRecord } from '@pxa/contract';

/**
 * The hash that an approval is bound to: it covers every call and its parameters, what each relies on, what is expected
 * after it and what would take it back, what a failure does, what has to be typed, and the cluster. Two plans of the
 * same hash do the same thing to the same state.
 */
export function hashOf(record: PlanRecord): string {
  const { plan, records, cluster, on_failure } = record;
  const covered = {
    // Random, so that what a plan holds of secrets cannot be guessed from its hash.
    plan: plan.id,
    cluster,
    on_failure,
    risk: plan.risk,
    confirm: plan.confirm ?? null,
    expires_at: plan.expires_at,
    calls: plan.steps.map(({ method, path, params }) => ({ method, path, params })),
    records,
  };
  return `sha256:${createHash('sha256').update(canonical(covered)).digest('hex')}`;
}

/** JSON with the keys of objects in order, and what is undefined left out, so that the same value is the same text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const names = Object.keys(fields).filter((name) => fields[name] !== undefined);
  return `{${names
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonical(fields[name])}`)
    .join(',')}}`;
}
