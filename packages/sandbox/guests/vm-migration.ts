import type { Call } from '../behaviour.ts';
import { flagParam, textParam } from '../behaviours/common.ts';
import { localResources } from '../behaviours/migrate.ts';
import { guestUse } from '../load.ts';
import type { Guest } from '../state/model.ts';
import { boot, halt, startObstacle } from './boot.ts';
import { readable } from './copy.ts';
import { diskOf } from './disks.ts';
import { copyLocalVolumes, dropCopies, localVolumes, moveConfig, type Moved } from './local-volumes.ts';
import { MigrationLog } from './migration-log.ts';
import { clonesOf } from './volumes.ts';
import { checkLock, died, whileLocked, type Task } from './work.ts';

/** Bytes of memory a second, on a network of 10 GBit/s. */
const MEMORY_RATE = 900 * 1024 ** 2;

/** PVE::QemuMigrate: what stands in the way shows in the log; the task's own words are always the same. */
export async function migrateVm(call: Call, guest: Guest, task: Task): Promise<void> {
  const target = textParam(call, 'target') ?? '';
  checkLock(call, guest);
  const log = new MigrationLog(call, task);
  const lives = guest.status === 'running';
  const online = lives && flagParam(call, 'online');
  if (lives && !online) throw died("can't migrate running VM without --online");
  await task.wait(1000);
  const node = call.state.nodes.get(target);
  if (node?.offlineSince !== undefined) {
    throw log.aborted("Can't connect to destination address using public key");
  }
  await whileLocked(call, guest, 'migrate', async () => {
    log.say(`starting migration of VM ${guest.vmid} to node '${target}' (${node?.ip ?? target})`);
    scan(call, guest, log);
    const moved = await storages(call, guest, target, { task, log });
    if (online) await memory(call, guest, target, moved, { task, log });
    const restart = { pending: guest.pending, inside: guest.inside, qmpstatus: guest.qmpstatus };
    moveConfig(call, guest, target, moved);
    if (online) arrive(call, guest, restart);
    await task.wait(1000);
  });
  log.finished();
}

/** The new process on the target has its own age and counters; what runs inside has not noticed. */
function arrive(call: Call, guest: Guest, before: Pick<Guest, 'pending' | 'inside' | 'qmpstatus'>): void {
  guest.pending = undefined;
  halt(call.state, call.clock, guest);
  boot(call.state, call.clock, guest);
  guest.pending = before.pending;
  guest.inside = before.inside;
  guest.qmpstatus = before.qmpstatus;
}

/** Devices and local disks that cannot come along. */
function scan(call: Call, guest: Guest, log: MigrationLog): void {
  const devices = localResources(guest.config).filter((key) => !key.startsWith('serial'));
  if (devices.length > 0 && !flagParam(call, 'force')) {
    throw log.aborted(`can't migrate VM which uses local devices: ${devices.join(', ')}`);
  }
  let isBad = false;
  for (const { volid, key, cdrom, cloudInit } of localVolumes(call, guest)) {
    log.say(`found local disk '${volid}' (${referenceOf(guest, key, volid)})`);
    const problem = problemOf(call, guest, { volid, key, cdrom: cdrom && !cloudInit, cloudInit });
    if (problem === undefined) continue;
    log.say(`can't migrate local disk '${volid}': ${problem}`);
    isBad = true;
  }
  if (isBad) throw log.aborted("Problem found while scanning volumes - can't migrate VM - check log");
}

/** Where a volume is named. */
function referenceOf({ config }: Guest, key: string, volid: string): string {
  if (diskOf(key, config[key])?.volid !== volid) return 'referenced by snapshot(s)';
  return key.startsWith('unused') ? 'unused' : 'attached';
}

function problemOf(
  call: Call,
  guest: Guest,
  { volid, key, cdrom, cloudInit }: { volid: string; key: string; cdrom: boolean; cloudInit: boolean },
): string | undefined {
  if (clonesOf(call.state, guest.node, volid).length > 0) return 'base volume is still in use by linked cloned';
  if (cdrom) return 'local cdrom image';
  if (guest.status !== 'running' || cloudInit) return undefined;
  if (!key.startsWith('unused') && !flagParam(call, 'with-local-disks')) {
    return "can't live migrate attached local disks without with-local-disks option";
  }
  const isInSnapshots = guest.snapshots.some(({ name }) => name !== 'current');
  return isInSnapshots ? 'online storage migration not possible if non-replicated snapshot exists' : undefined;
}

async function storages(
  call: Call,
  guest: Guest,
  target: string,
  road: { task: Task; log: MigrationLog },
): Promise<Moved[]> {
  if (localVolumes(call, guest).length === 0) return [];
  const { log } = road;
  log.say(guest.status === 'running' ? 'starting storage migration' : 'copying local disk images');
  const mapping = textParam(call, 'targetstorage');
  try {
    return await copyLocalVolumes(call, guest, target, (storage) => mapped(mapping, storage), road);
  } catch (error) {
    const text = error instanceof Error ? error.message.trimEnd() : String(error);
    throw log.aborted(`storage migration failed: ${text}`);
  }
}

/** `a:b` pairs, one storage for all, or `1` for the same. */
export function mapped(mapping: string | undefined, storage: string): string {
  if (mapping === undefined || mapping === '1') return storage;
  const pairs = mapping.split(',').map((pair) => pair.split(':'));
  const own = pairs.find(([from, to]) => from === storage && to !== undefined)?.[1];
  return own ?? pairs.find(([, to]) => to === undefined)?.[0] ?? storage;
}

async function memory(
  call: Call,
  guest: Guest,
  target: string,
  moved: readonly Moved[],
  { task, log }: { task: Task; log: MigrationLog },
): Promise<void> {
  log.say(`starting VM ${guest.vmid} on remote node '${target}'`);
  const obstacle = startObstacle(call.state, call.clock, { ...guest, node: target });
  try {
    await task.wait(2000);
    if (obstacle) throw died('online migrate failure - remote command failed with exit code 255');
    log.say(`starting online/live migration on unix:/run/qemu-server/${guest.vmid}.migrate`);
    const used = guestUse(call.state, guest, call.clock.now() / 1000).mem;
    for (let step = 1; step <= 5; step++) {
      await task.wait((used / MEMORY_RATE / 5) * 1000);
      const speed = readable(MEMORY_RATE);
      log.say(`migration active, transferred ${readable((used * step) / 5)} of ${readable(used)} VM-state, ${speed}/s`);
    }
    log.say(`average migration speed: ${readable(MEMORY_RATE)}/s - downtime 42 ms`);
    log.say('migration status: completed');
  } catch (error) {
    for (const line of obstacle?.lines ?? []) log.say(`[${target}] ${line}`);
    dropCopies(call, target, moved);
    throw log.aborted(error instanceof Error ? error.message.trimEnd() : String(error), 2);
  }
}
