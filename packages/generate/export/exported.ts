import { FirewallRule, Guest, type Specification } from '../specification.ts';
import type { NotExpressed } from '../terraform/module.ts';
import { containerOf } from './container.ts';
import type { Live, LiveRule } from './live.ts';
import { Settings } from './options.ts';
import { vmOf } from './vm.ts';

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
  const guest = Guest.parse({
    ...draft,
    ...withoutOdd(settings, draft),
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
  return {
    specification: { guests: [guest], compliance: [], measures: [] },
    notExpressed: [...settings.told(), ...lacks],
  };
}

/** A guest may have no name, or one from before Proxmox minded. */
function nameOf(given: unknown, { kind, vmid }: Live): string {
  return Guest.shape.name.safeParse(given).data ?? `${kind === 'vm' ? 'vm' : 'ct'}-${vmid}`;
}

/** What a list holds that the specification cannot is told, and left out. */
function withoutOdd(settings: Settings, draft: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const key of ['disks', 'nics', 'users', 'tags'] as const) {
    const items = Array.isArray(draft[key]) ? (draft[key] as unknown[]) : [];
    const schema = Guest.shape[key];
    kept[key] = items.filter((item) => {
      const is = schema.safeParse([item]).success;
      if (!is) settings.lacks(`${key}: ${JSON.stringify(item)}`);
      return is;
    });
  }
  const dns = Guest.shape.dns.safeParse(draft['dns']);
  if (!dns.success) settings.lacks(`dns: ${JSON.stringify(draft['dns'])}`);
  const hardware = Guest.shape.hardware.safeParse(draft['hardware']);
  if (!hardware.success) settings.lacks(`hardware: ${JSON.stringify(draft['hardware'])}`);
  return { ...kept, dns: dns.data ?? null, hardware: hardware.data };
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
