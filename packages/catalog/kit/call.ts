import type { Step } from '@pxa/contract';
import { fillPath, type ParamsOf, type PathOf } from '@pxa/pve/facts';

/**
 * A call for a plan, typed by the facts: `params` holds those of the path as well. `undefined` values are left out.
 *
 * @throws Error where a parameter of the path is missing.
 */
export function call<M extends Step['method'], P extends PathOf<M>>(
  method: M,
  path: P,
  params: ParamsOf<M, P>,
  says: string,
): Step {
  const given: Readonly<Record<string, unknown>> = { ...params };
  const inPath = new Set([...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name));
  const sent = Object.entries(given).filter(([key, value]) => !inPath.has(key) && value !== undefined);
  // What a path may hold as it is stays readable: UPIDs and volume ids keep their colons.
  const filled = fillPath(path, given).replace(/%(?:3A|40|2C|2B|3D)/g, decodeURIComponent);
  // As they go onto the wire: Proxmox takes 1 and 0.
  const onWire = sent.map(([key, value]) => [key, typeof value === 'boolean' ? Number(value) : value]);
  return { method, path: filled, params: Object.fromEntries(onWire), says };
}
