import { isDriveKey } from '@pxa/pve/property-string';
import type { Call } from '../behaviour.ts';
import { flagParam, textParam } from '../behaviours/common.ts';
import type { Guest } from '../state/model.ts';
import { checkMayChange } from './config-privileges.ts';
import { isOption, storedValue } from './config-schema.ts';
import { diskOf } from './disks.ts';
import { checkDrive, makeDrive } from './drive-set.ts';
import { deleteDrive, dropDrive } from './drop-drive.ts';
import { worksAtOnce } from './hotplug.ts';
import { checkMount, makeMount } from './mount-set.ts';
import { changeConfig, died, refused } from './work.ts';

/** What a change of a configuration asks for. */
export interface Update {
  set: Record<string, string>;
  remove: string[];
  revert: string[];
}

const CONTROL = new Set([
  'node',
  'vmid',
  'digest',
  'delete',
  'revert',
  'force',
  'skiplock',
  'background_delay',
  'import-working-storage',
]);

/** The parameters as an update, with the refusals that need no configuration. */
export function readUpdate(call: Call, type: Guest['type']): Update {
  const set: Record<string, string> = {};
  for (const [key, value] of Object.entries(call.params)) {
    if (CONTROL.has(key) || value === undefined || value === null) continue;
    set[key === 'cdrom' ? 'ide2' : key] = value === true ? '1' : value === false ? '0' : String(value);
  }
  const remove = list(call, 'delete');
  const revert = list(call, 'revert');
  if (Object.keys(set).length + remove.length + revert.length === 0) throw died('no options specified');
  for (const key of remove) {
    if (!isOption(type, key)) throw refused({ delete: `unknown option '${key}'` });
    if (set[key] !== undefined) {
      throw refused({ delete: `you can't use '-${key}' and -delete ${key}' at the same time` });
    }
    if (revert.includes(key)) {
      throw refused({ delete: `you can't use '-delete ${key}' and '-revert ${key}' at the same time` });
    }
  }
  for (const key of revert) {
    if (!isOption(type, key)) throw refused({ revert: `unknown option '${key}'` });
    if (set[key] !== undefined) {
      throw refused({ revert: `you can't use '-${key}' and '-revert ${key}' at the same time` });
    }
  }
  checkMayChange(call, type, [...remove, ...revert, ...Object.keys(set)]);
  return { set, remove, revert };
}

function list(call: Call, name: string): string[] {
  const keys = (textParam(call, name) ?? '').split(/[\s,;\0]+/).filter((key) => key !== '');
  return keys.map((key) => (key === 'cdrom' ? 'ide2' : key));
}

/** Refusals of drives and mount points, before anything is changed. */
export function checkVolumes(
  call: Call,
  guest: Pick<Guest, 'vmid' | 'type' | 'node' | 'config'>,
  set: Update['set'],
): void {
  for (const [key, value] of Object.entries(set)) {
    if (guest.type === 'qemu' && isDriveKey(key)) checkDrive(call, guest, key, value);
    if (guest.type === 'lxc' && /^(?:rootfs|mp\d+)$/.test(key)) checkMount(call, guest, key, value);
  }
}

/** PVE::QemuServer: more balloon than memory cannot be. */
export function checkBalloon(guest: Guest, { set }: Update): void {
  if (set['memory'] === undefined && set['balloon'] === undefined) return;
  const now = { ...guest.config, ...guest.pending?.set };
  const memory = Number(/\d+/.exec(String(set['memory'] ?? now['memory'] ?? 512))?.[0]);
  const balloon = Number(set['balloon'] ?? now['balloon'] ?? 0);
  if (balloon > memory) throw died('balloon value too large (must be smaller than assigned memory)');
}

/** Carries an update out: at once where it can be, else it is pending until the guest is started anew. */
export function carryOut(call: Call, guest: Guest, { set, remove, revert }: Update): void {
  for (const key of revert) forget(call, guest, key);
  for (const key of remove) removeOption(call, guest, key);
  for (const [key, sent] of Object.entries(set)) setOption(call, guest, key, sent);
}

/** What was pending for an option goes; a disk that was made for it is kept as an unused one. */
function forget(call: Call, guest: Guest, key: string): void {
  const { pending } = guest;
  if (!pending) return;
  const waiting = pending.set[key];
  const set = { ...pending.set };
  delete set[key];
  const remove = { ...pending.remove };
  delete remove[key];
  const isEmpty = Object.keys(set).length + Object.keys(remove).length === 0;
  guest.pending = isEmpty ? undefined : { set, remove };
  if (waiting === undefined || diskOf(key, waiting)?.volid === diskOf(key, guest.config[key])?.volid) return;
  const current = guest.config[key];
  changeConfig(guest, { [key]: waiting });
  dropDrive(call.state, guest, key);
  changeConfig(guest, { [key]: current });
}

function removeOption(call: Call, guest: Guest, key: string): void {
  forget(call, guest, key);
  if (guest.config[key] === undefined) return;
  const isDisk = diskOf(key, guest.config[key]) !== undefined;
  if (isDisk && !key.startsWith('unused') && Number(guest.config['protection'] ?? 0) === 1) {
    throw died(`can't remove drive '${key}' - protection mode enabled`);
  }
  const force = flagParam(call, 'force');
  if (!worksAtOnce(guest, key, undefined)) {
    const remove = { ...guest.pending?.remove, [key]: force ? (2 as const) : (1 as const) };
    guest.pending = { set: guest.pending?.set ?? {}, remove };
    return;
  }
  if (force && isDisk) deleteForced(call, guest, key);
  else dropDrive(call.state, guest, key);
  changeConfig(guest, { [key]: undefined });
}

/** A refusal comes as that of a parameter, in the words of vmconfig_hotplug_pending and vmconfig_apply_pending. */
function deleteForced(call: Call, guest: Guest, key: string): void {
  const why = deleteDrive(call.state, guest, key);
  if (why === undefined) return;
  const what = guest.status === 'running' ? 'hotplug problem -' : `unable to apply pending change ${key} :`;
  throw refused({ [key]: `${what} ${why}` });
}

function setOption(call: Call, guest: Guest, key: string, sent: string): void {
  forget(call, guest, key);
  const value = made(call, guest, key, sent);
  releaseUnused(guest, key, value);
  if (guest.config[key] === value) return;
  if (worksAtOnce(guest, key, value)) {
    dropDrive(call.state, guest, key, value);
    // A description is kept as comments: one without lines is none (write_vm_config, write_pct_config).
    changeConfig(guest, { [key]: key === 'description' && value === '' ? undefined : value });
    return;
  }
  guest.pending = { set: { ...guest.pending?.set, [key]: value }, remove: guest.pending?.remove ?? {} };
}

/** A value as it is kept, with the volume that it asks for. */
export function made(
  call: Call,
  guest: Pick<Guest, 'vmid' | 'type' | 'node' | 'config'>,
  key: string,
  sent: string,
): string | number {
  if (guest.type === 'qemu' && isDriveKey(key)) return makeDrive(call, guest, key, sent);
  if (guest.type === 'lxc' && /^(?:rootfs|mp\d+)$/.test(key)) return makeMount(call, guest, key, sent);
  return storedValue(call, guest, key, sent);
}

/** A volume that is attached again is no longer listed as unused. */
function releaseUnused(guest: Guest, key: string, value: string | number): void {
  const volid = diskOf(key, value)?.volid;
  const again = Object.entries(guest.config).find(
    ([name, text]) => name.startsWith('unused') && volid !== undefined && diskOf(name, text)?.volid === volid,
  );
  if (again) changeConfig(guest, { [again[0]]: undefined });
}
