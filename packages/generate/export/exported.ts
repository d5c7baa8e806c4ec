import type { z } from 'zod';
import { Firewall, FirewallRule, Guest, Hardware, type Specification } from '../specification.ts';
import type { NotExpressed } from '../terraform/module.ts';
import { containerOf } from './container.ts';
import type { Live, LiveRule } from './live.ts';
import { Settings, shortened } from './options.ts';
import { vmOf } from './vm.ts';

type Draft = Record<string, unknown>;

/** What no guest is without. */
const LEAST = { cores: 1, memory_mb: 512, disks: [], nics: [] };

/** A guest that is there, as a specification; every setting is in it, or named with the reason. */
export interface Exported {
  readonly specification: Specification;
  readonly notExpressed: readonly NotExpressed[];
}

/** An existing guest as it is, from what its cluster tells of it. Nothing is made better on the way. */
export function exported(live: Live): Exported {
  const settings = new Settings(live.config);
  const draft = live.kind === 'vm' ? vmOf(settings) : containerOf(settings);
  const { firewall, lacks } = firewallOf(live);
  const name = nameOf(draft['name'], live);
  if (name !== draft['name'])
    settings.lacks(`its name: ${String(draft['name'] ?? 'none')}`, `It is called ${name} here.`);
  const hardware = fitting(settings, (draft['hardware'] ?? {}) as Draft, Hardware.shape); // as the two above make it
  const guest = Guest.parse({
    ...LEAST,
    ...fitting(settings, { ...draft, hardware }, Guest.shape),
    kind: live.kind,
    name,
    vmid: live.vmid,
    node: live.node,
    source: { from: 'existing', node: live.node, vmid: live.vmid },
    environment: environmentOf(draft['tags']),
    started: live.isRunning,
    ha: haOf(live, settings),
    firewall,
  });
  guest.hardware.kept.push(...keptIn(settings));
  return {
    specification: { guests: [guest], compliance: [], measures: [] },
    notExpressed: [...settings.told(), ...lacks],
  };
}

/** A guest may have no name, or one from before Proxmox minded. */
function nameOf(given: unknown, { kind, vmid }: Live): string {
  return Guest.shape.name.safeParse(given).data ?? `${kind === 'vm' ? 'vm' : 'ct'}-${vmid}`;
}

/** What a cluster tells that a specification cannot hold is told, item by item, and left out. */
function fitting(settings: Settings, draft: Draft, shape: Readonly<Record<string, z.ZodType>>): Draft {
  const kept: Draft = {};
  for (const [key, value] of Object.entries(draft)) {
    const schema = shape[key];
    if (schema === undefined) continue;
    const isOdd = (each: unknown): boolean => !schema.safeParse(each).success;
    const odd = Array.isArray(value) ? value.filter((item) => isOdd([item])) : isOdd(value) ? [value] : [];
    for (const each of odd)
      settings.lacks(`${key}: ${shortened(JSON.stringify(each) ?? '')}`, 'It is not as Proxmox writes it.');
    if (!Array.isArray(value)) {
      if (odd.length === 0) kept[key] = value;
      continue;
    }
    const fit = value.filter((item) => !isOdd([item]));
    const list = held(schema, fit);
    if (list.length < fit.length) settings.lacks(`${key}: ${fit.length - list.length} more`, TOO_MANY);
    kept[key] = list;
  }
  return kept;
}

const TOO_MANY = 'There are more of them than the code holds.';

/** As many items, from the first on, as a list holds; each of them by itself fits. */
function held<T>(list: z.ZodType, items: readonly T[]): readonly T[] {
  if (list.safeParse(items).success) return items;
  const end = items.findIndex((_, at) => !list.safeParse(items.slice(0, at + 1)).success);
  return items.slice(0, end);
}

/** The settings that something is named of: `scsi1` of `scsi1: mbps_rd=10`. */
function keptIn(settings: Settings): string[] {
  const keys = settings.told().map(({ what }) => /^[a-z]+\d*(?=:|$)/.exec(what)?.[0]);
  return [...new Set(keys.filter((key) => key !== undefined))];
}

function haOf({ ha }: Live, settings: Settings): Guest['ha'] {
  if (ha === null) return null;
  const made = Guest.shape.ha.safeParse({ state: ha.state, max_restart: ha.maxRestart, max_relocate: ha.maxRelocate });
  if (!made.success) settings.lacks(`high availability: ${ha.state}`);
  return made.data ?? null;
}

function environmentOf(tags: unknown): Guest['environment'] {
  const names = (Array.isArray(tags) ? (tags as string[]) : []).map((tag) => tag.replace(/^env[-_]/, ''));
  return (['production', 'staging', 'development'] as const).find((each) => names.includes(each)) ?? null;
}

function firewallOf({ firewall }: Live): { firewall: Guest['firewall']; lacks: NotExpressed[] } {
  if (firewall === null) return { firewall: null, lacks: [{ what: 'its firewall', why: 'It could not be read.' }] };
  const lacks: NotExpressed[] = [];
  const policy = (said: string | null, usual: 'ACCEPT' | 'DROP'): 'ACCEPT' | 'DROP' | 'REJECT' =>
    (['ACCEPT', 'DROP', 'REJECT'] as const).find((each) => each === said) ?? usual;
  const rules = firewall.rules.flatMap((rule, at) => {
    const made = FirewallRule.safeParse(ruleOf(rule));
    if (made.success) return [made.data];
    lacks.push({ what: `firewall rule ${at}: ${JSON.stringify(rule)}`, why: 'The code has no word for it.' });
    return [];
  });
  const { enabled } = firewall;
  const policies = { input: policy(firewall.input, 'DROP'), output: policy(firewall.output, 'ACCEPT') };
  const list = held(Firewall.shape.rules, rules);
  if (list.length < rules.length)
    lacks.push({ what: `${rules.length - list.length} more firewall rules`, why: TOO_MANY });
  return { firewall: { enabled, ...policies, rules: [...list] }, lacks };
}

const ruleOf = ({ comment, ...rule }: LiveRule): Record<string, unknown> => ({ ...rule, comment: comment ?? '' });
