import type { Fact } from '@pxa/contract';
import { asFlag, asList, asText } from '@pxa/pve/values';
import { factAt, type GuestNow, needed, type Planning, type Rec, type Refusal } from '../kit/index.ts';

/** A guest as HA names it: `vm:101`, `ct:200`. */
export const sidOf = ({ type, vmid }: Pick<GuestNow, 'type' | 'vmid'>): string =>
  `${type === 'qemu' ? 'vm' : 'ct'}:${vmid}`;

/** Whether places are told by rules (from 9.0 on) or by groups (pve-ha-manager: groups were migrated to rules). */
export async function hasRules(planning: Planning): Promise<boolean> {
  const version = needed(await planning.read('/version', {}), 'The version of Proxmox VE');
  return Number.parseInt(version.version, 10) >= 9;
}

/** A rule of where HA may run guests, and which of them together. */
export interface RuleNow {
  readonly id: string;
  readonly type: string;
  readonly sids: readonly string[];
  readonly nodes: readonly string[];
  readonly affinity: string | undefined;
  readonly enabled: boolean;
}

export async function rulesNow(planning: Planning): Promise<RuleNow[]> {
  const list = needed(await planning.list('/cluster/ha/rules', {}), 'The HA rules');
  return list.map(({ data }) => ({
    id: String(data['rule']),
    type: String(data['type']),
    sids: asList(data['resources']),
    nodes: asList(data['nodes']),
    affinity: asText(data['affinity']) ?? undefined,
    enabled: asFlag(data['disable']) !== true,
  }));
}

/** A fact of a rule. */
export function ruleFact(id: string, key: string, is: Fact['is'], how?: Fact['how']): Fact {
  const about = key === 'rule' ? `HA rule ${id}` : `${key} of HA rule ${id}`;
  return factAt(about, '/cluster/ha/rules', [`[rule=${id}]`, key], is, how === undefined ? {} : { how });
}

/** A fact of a guest's place among the HA resources. */
export function resourceFact(guest: GuestNow, key: string, is: Fact['is'], how?: Fact['how']): Fact {
  const more = how === undefined ? {} : { how };
  return factAt(`HA ${key} of ${guest.title}`, '/cluster/ha/resources', [`[sid=${sidOf(guest)}]`, key], is, more);
}

export async function resourcesNow(planning: Planning): Promise<readonly Rec[]> {
  return needed(await planning.list('/cluster/ha/resources', {}), 'The HA resources');
}

/** Only what HA manages can be told where to run. */
export function unmanaged(guests: readonly GuestNow[]): Refusal[] {
  return guests
    .filter(({ ha }) => ha === undefined)
    .map(({ title, vmid }) => {
      const say = `put ${vmid} under HA`;
      return { why: `${title} is not managed by HA.`, next: `Put it there first: “${say}”.`, say };
    });
}

const MOST_TRIES = 10;

/** How often HA may try: Proxmox takes any number, but a guest that fails so often is to be looked at. */
export function triesRefusals(said: Readonly<Record<'restart' | 'relocate', number | undefined>>): Refusal[] {
  return Object.entries(said).flatMap(([input, count = 0]): Refusal[] => {
    if (count >= 0 && count <= MOST_TRIES) return [];
    const why = 'So many attempts are none that HA takes in earnest.';
    const reason = count < 0 ? 'too_small' : 'too_big';
    return [{ why, next: `Say a number from 0 to ${MOST_TRIES}.`, input, reason }];
  });
}
