import { z } from 'zod';
import type { Scope } from '../auth/scopes.ts';
import type { Kind } from './ids.ts';

/** What the routes of VMs and those of containers call the same things. */
export interface KindOfGuest {
  readonly kind: Kind;
  /** As the catalogue filters by it. */
  readonly type: 'qemu' | 'lxc';
  /** In answers: `data.vm`, `data.vms`. */
  readonly one: 'vm' | 'container';
  readonly many: 'vms' | 'containers';
  /** In operation ids: `startVm`, `listVms`. */
  readonly named: 'Vm' | 'Container';
  /** In sentences. */
  readonly called: 'VM' | 'container';
  readonly param: 'vm_id' | 'container_id';
  readonly read: Scope;
  readonly write: Scope;
}

export const VM: KindOfGuest = {
  kind: 'vm',
  type: 'qemu',
  one: 'vm',
  many: 'vms',
  named: 'Vm',
  called: 'VM',
  param: 'vm_id',
  read: 'vm:read',
  write: 'vm:write',
};

export const CONTAINER: KindOfGuest = {
  kind: 'ct',
  type: 'lxc',
  one: 'container',
  many: 'containers',
  named: 'Container',
  called: 'container',
  param: 'container_id',
  read: 'container:read',
  write: 'container:write',
};

/** The parameters of a path that names a guest. */
export const paramsOf = ({ param }: KindOfGuest): z.ZodObject<Record<string, z.ZodString>> =>
  z.object({ [param]: z.string() });

/** The id of the guest that a path names. */
export const idIn = ({ param }: KindOfGuest, params: Readonly<Record<string, string>>): string => params[param] ?? '';
