import type { z } from 'zod';
import { FirewallRule, Guest, Hardware, type Specification } from '../specification.ts';
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
    if (Array.isArray(value)) kept[key] = value.filter((item) => !isOdd([item]));
    else if (odd.length === 0) kept[key] = value;
  }
  return kept;
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
  return {
    firewall: {
      enabled: firewall.enabled,
      input: policy(firewall.input, 'DROP'),
      output: policy(firewall.output, 'ACCEPT'),
      rules,
    },
    lacks,
  };
}

const ruleOf = ({ comment, ...rule }: LiveRule): Record<string, unknown> => ({ ...rule, comment: comment ?? '' });
