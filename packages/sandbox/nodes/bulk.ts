import { PveError, type Call, type Handler } from '../behaviour.ts';
import { textParam } from '../behaviours/common.ts';
import { isTemplate } from '../behaviours/guest-rows.ts';
import { asList } from '../access-change.ts';
import { isHaManaged, type Task } from '../guests/work.ts';
import { refusalText } from '../refusal-text.ts';
import { properties } from '../state/guest-size.ts';
import type { Guest } from '../state/model.ts';

/** Guests without a place in the order come last when a node starts, and first when it stops. */
const LAST = Number.MAX_SAFE_INTEGER;

/** VM.PowerMgmt or VM.Migrate on everything, or on each guest that is named (PVE::API2::Nodes::Nodeinfo). */
export function demandOnAll({ access, params }: Call, privilege: string): void {
  if (access.authid === 'root@pam' || access.can('/', privilege)) return;
  const named = asList(params['vms']);
  if (named.length === 0) throw new PveError(403, `Permission check failed (/, ${privilege})\n`);
  const without = named.find((vmid) => !access.can(`/vms/${vmid}`, privilege));
  if (without === undefined) return;
  throw new PveError(403, `Permission check failed (/vms/${without}, ${privilege})\n`);
}

/** The node's guests that such a call is about: no templates; those under HA only where they are named. */
export function guestsMeant(call: Call): Guest[] {
  const sent = textParam(call, 'vms');
  const named = sent === undefined ? undefined : new Set(asList(sent).map(Number));
  return [...call.state.guests.values()]
    .filter((guest) => guest.node === call.node && !isTemplate(guest))
    .filter((guest) => (named && named.size > 0 ? named.has(guest.vmid) : true))
    .filter((guest) => named !== undefined || !isHaManaged(call.state, guest))
    .sort((a, b) => a.vmid - b.vmid);
}

/** `startup: order=1,up=30,down=60`. */
export function startupOf(guest: Guest): { order: number; up?: number; down?: number } {
  const { order, up, down, '': plain } = properties(guest.config['startup']);
  const place = order ?? plain;
  return {
    order: place === undefined ? LAST : Number(place),
    ...(up === undefined ? {} : { up: Number(up) }),
    ...(down === undefined ? {} : { down: Number(down) }),
  };
}

/** Guests by their place in the order, the first to start first. */
export function inOrder(guests: readonly Guest[]): Guest[][] {
  const places = new Map<number, Guest[]>();
  for (const guest of guests) {
    const { order } = startupOf(guest);
    places.set(order, [...(places.get(order) ?? []), guest]);
  }
  return [...places].sort(([a], [b]) => a - b).map(([, group]) => group);
}

export function titleOf({ type, vmid }: Guest): string {
  return `${type === 'qemu' ? 'VM' : 'CT'} ${vmid}`;
}

/** How the task of one guest ended that a bulk task began. */
async function endOf(call: Call, upid: string, task: Task): Promise<string> {
  for (;;) {
    const record = call.tasks.find(upid);
    if (!record || record.endtime !== undefined) return record?.status ?? 'OK';
    await task.wait(1000);
  }
}

/** Calls the method that does it for one guest, and waits for its task; what is refused is a line in the log. */
export async function forGuest(
  call: Call,
  guest: Guest,
  task: Task,
  method: Handler | undefined,
  params: Record<string, unknown>,
): Promise<string> {
  try {
    const upid = await method?.({ ...call, params: { node: call.node, vmid: guest.vmid, ...params } });
    return await endOf(call, String(upid), task);
  } catch (error) {
    if (!(error instanceof PveError)) throw error;
    task.log(refusalText(error).trimEnd());
    return 'refused';
  }
}

/** Works through a list with a number of workers side by side. */
export async function sideBySide<T>(
  items: readonly T[],
  workers: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(workers, items.length)) }, worker));
}
