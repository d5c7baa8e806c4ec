import type { ParamsOf } from '@pxa/pve/facts';
import { call, factAt, type Given, listedFact, type PieceStep, type Planning, type Refusal } from '../kit/index.ts';
import { cover, coverRefusals } from '../backups/cover.ts';
import { datacenterLevel } from '../firewall/level-now.ts';
import { sshKeyRefusals } from '../guest-config/cloud-init.ts';
import { tagRefusals } from '../guest-config/tag-names.ts';
import type { beside } from './words.ts';

/** A guest that is being made. */
export interface Made {
  readonly type: 'qemu' | 'lxc';
  readonly vmid: number;
  readonly node: string;
  readonly title: string;
}

type Told = Given<typeof beside> & { readonly key?: string | undefined; readonly tags?: readonly string[] };

/** What is set up along with a new guest, beside its configuration. */
interface Beside {
  readonly steps: readonly PieceStep[];
  /** After all others: a guest that is protected cannot be taken back any more where one of them fails. */
  readonly last: readonly PieceStep[];
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
}

/** Every key that was given, in one or in the other way. */
export const keysOf = ({ key, keys = [] }: Told): readonly string[] => [...(key === undefined ? [] : [key]), ...keys];

export function besideRefusals(told: Told): Refusal[] {
  const { key, keys = [], tags = [] } = told;
  return [
    ...tagRefusals(tags),
    ...(key === undefined ? [] : sshKeyRefusals(key)),
    ...keys.flatMap((each) => sshKeyRefusals(each, 'keys')).slice(0, 1),
    ...coverRefusals(told),
  ];
}

/** The keys of the configuration that are told in the same way of VMs and containers. */
export const besideConfig = ({ notes }: Told): Record<string, string> =>
  notes === undefined || notes.trim() === '' ? {} : { description: notes };

/** The steps after the guest is made and configured, before it is started. */
export async function setUpBeside(planning: Planning, made: Made, told: Told): Promise<Beside | Refusal[]> {
  const { backup, keepDays, firewall, protect } = told;
  const covered = backup === undefined ? undefined : await cover(planning, made, { backup, keepDays });
  if (covered !== undefined && !('steps' in covered)) return covered;
  const isIdle = firewall === true && !(await datacenterLevel(planning)).enabled;
  return {
    steps: [...(firewall === true ? [firewallStep(made)] : []), ...(covered?.steps ?? [])],
    last: protect === true ? [protectStep(made)] : [],
    assumptions: covered?.assumptions ?? [],
    warnings: [
      ...(firewall === true ? [`Its firewall lets nothing in until a rule of ${made.title} does.`] : []),
      ...(isIdle ? ['The firewall of the datacenter is off: until it is on, that of a guest has no effect.'] : []),
    ],
  };
}

function firewallStep({ type, vmid, node, title }: Made): PieceStep {
  const says = `Enable the firewall of ${title}`;
  const at = { node, vmid, enable: true } satisfies ParamsOf<'PUT', '/nodes/{node}/qemu/{vmid}/firewall/options'>;
  const step =
    type === 'qemu'
      ? call('PUT', '/nodes/{node}/qemu/{vmid}/firewall/options', at, says)
      : call('PUT', '/nodes/{node}/lxc/{vmid}/firewall/options', at, says);
  return {
    ...step,
    node,
    limitSeconds: 60,
    relies: [listedFact({ vmid, title }, 'node', node)],
    expects: [factAt(`firewall of ${title}`, `/nodes/${node}/${type}/${vmid}/firewall/options`, ['enable'], 1)],
  };
}

function protectStep({ type, vmid, node, title }: Made): PieceStep {
  const says = `Protect ${title} against deletion`;
  const at = { node, vmid, protection: true };
  const step =
    type === 'qemu'
      ? call('PUT', '/nodes/{node}/qemu/{vmid}/config', at, says)
      : call('PUT', '/nodes/{node}/lxc/{vmid}/config', at, says);
  return {
    ...step,
    node,
    limitSeconds: 120,
    relies: [listedFact({ vmid, title }, 'node', node)],
    expects: [factAt(`protection of ${title}`, `/nodes/${node}/${type}/${vmid}/config`, ['protection'], 1)],
  };
}
