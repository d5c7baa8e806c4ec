import {
  action,
  already,
  type GuestNow,
  type Inputs,
  lockedButSuspended,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  type Refusal,
  refused,
  statusFact,
  type ActionExample,
  type Action,
} from '../kit/index.ts';
import type { Fact, Risk, Step } from '@pxa/contract';

/** What a guest is to become, and the call that makes it so. */
interface Power<I extends Inputs> {
  readonly id: string;
  readonly verb: string;
  readonly risk: Risk;
  readonly type?: 'qemu' | 'lxc';
  readonly say: readonly string[];
  readonly input: I;
  /** What it cannot be done to, each with why. */
  readonly refuse: (guest: GuestNow) => readonly Refusal[];
  /** Where it is so already. */
  readonly isSo: (guest: GuestNow) => boolean;
  readonly soText: string;
  readonly step: (guest: GuestNow, input: Readonly<Record<string, unknown>>, says: string) => Step;
  readonly tasks: readonly string[];
  readonly limitSeconds: number;
  /** The status after it. */
  readonly becomes: string;
  /** What else shows that it was done. */
  readonly proof?: (guest: GuestNow) => readonly Fact[];
  /** The key of the status that shows it: paused guests are `running` by their plain status. */
  readonly shownBy?: 'status' | 'qmpstatus';
  readonly undo?: string;
  readonly warn?: (guest: GuestNow) => readonly string[];
  /** What it would do to the node, which Proxmox itself does not mind. */
  readonly careful?: (planning: Planning, guest: GuestNow) => Promise<readonly string[]>;
  readonly examples: readonly ActionExample[];
}

/** An action that changes whether a guest runs. */
export function power<const I extends Inputs>(of: Power<I>): Action {
  return action({
    id: of.id,
    verb: of.verb,
    risk: of.risk,
    on: of.type === undefined ? { dataset: 'guests' } : { dataset: 'guests', type: of.type },
    say: of.say,
    input: of.input,
    examples: of.examples,
    async plan(planning, { target, input }): Promise<Planned> {
      const guest = await planning.guest(target);
      if (of.isSo(guest)) return already(`${guest.title} is ${of.soText} already.`);
      const inTheWay = [...of.refuse(guest), ...lockedButSuspended(guest)];
      if (inTheWay.length > 0) return refused(...inTheWay);
      const says = `${capital(of.verb)} ${guest.title}`;
      return piece({
        says,
        steps: [stepOf(of, guest, input, says)],
        warnings: [...(of.warn?.(guest) ?? []), ...((await of.careful?.(planning, guest)) ?? [])],
        changes: [{ about: guest.title, key: 'status', before: guest.status, after: of.becomes }],
        ...(of.undo === undefined ? {} : { undo: { action: of.undo, input: {} } }),
      });
    },
  });
}

/** A guest that HA manages is started and stopped by its manager: the task is a request to it (qemu-server Qemu.pm). */
export function haTasks({ ha, vmid }: GuestNow): { type: string; id: string }[] {
  return ha === undefined ? [] : ['hastart', 'hastop'].map((type) => ({ type, id: String(vmid) }));
}

function stepOf(of: Power<Inputs>, guest: GuestNow, input: Readonly<Record<string, unknown>>, says: string): PieceStep {
  const id = String(guest.vmid);
  return {
    ...of.step(guest, input, says),
    node: guest.node,
    tasks: [...of.tasks.map((type) => ({ type, id })), ...haTasks(guest)],
    limitSeconds: of.limitSeconds,
    relies: [statusFact(guest, 'status', plainStatus(guest)), statusFact(guest, 'lock', guest.lock ?? null)],
    expects: [statusFact(guest, of.shownBy ?? 'status', of.becomes), ...(of.proof?.(guest) ?? [])],
  };
}

/** `status` knows running and stopped alone; a paused guest runs, as Proxmox has it. */
const plainStatus = (guest: GuestNow): string => (guest.status === 'stopped' ? 'stopped' : 'running');

function capital(verb: string): string {
  return verb.charAt(0).toUpperCase() + verb.slice(1);
}
