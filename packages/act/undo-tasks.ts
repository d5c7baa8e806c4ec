import type { TaskForm } from '@pxa/contract';
import type { WriteCall } from '@pxa/pve/gate';

/** By method and what follows the guest in the path, the types of the tasks that Proxmox begins: of VMs, of containers. */
const TYPES: readonly (readonly [call: RegExp, vm: string, container: string])[] = [
  [/^POST status\/(?:start)$/, 'qmstart hastart', 'vzstart hastart'],
  [/^POST status\/stop$/, 'qmstop hastop', 'vzstop hastop'],
  [/^POST status\/shutdown$/, 'qmshutdown hastop', 'vzshutdown hastop'],
  [/^POST status\/reboot$/, 'qmreboot', 'vzreboot'],
  [/^POST status\/suspend$/, 'qmpause qmsuspend', 'vzsuspend'],
  [/^POST status\/resume$/, 'qmresume', 'vzresume'],
  [/^POST migrate$/, 'qmigrate hamigrate', 'vzmigrate hamigrate'],
  [/^POST snapshot$/, 'qmsnapshot', 'vzsnapshot'],
  [/^POST snapshot\/[^/]+\/rollback$/, 'qmrollback', 'vzrollback'],
  [/^DELETE snapshot\/[^/]+$/, 'qmdelsnapshot', 'vzdelsnapshot'],
  [/^DELETE $/, 'qmdestroy', 'vzdestroy'],
  [/^POST move_(?:disk|volume)$/, 'qmmove', 'move_volume'],
  [/^POST clone$/, 'qmclone', 'vzclone'],
];

/** The tasks that a call about a guest begins; none for what is done when it is answered. */
export function tasksOf({ method, path }: Pick<WriteCall, 'method' | 'path'>): TaskForm[] {
  const [, type, id = '', rest = ''] = /^\/nodes\/[^/]+\/(qemu|lxc)\/(\d+)(?:\/(.*))?$/.exec(path) ?? [];
  if (type === undefined) return [];
  const found = TYPES.find(([call]) => call.test(`${method} ${rest}`));
  const types = type === 'qemu' ? found?.[1] : found?.[2];
  return (types?.split(' ') ?? []).map((name) => ({ type: name, id }));
}
