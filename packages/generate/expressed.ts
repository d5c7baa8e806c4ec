import type { Target } from './generated.ts';
import type { Guest, Measure, Specification } from './specification.ts';

/** What code in each format cannot say of a guest: demands that it therefore does not meet. */
function unmet({ format, provider }: Target, { kind }: Guest): ReadonlySet<Measure['code']> {
  const inside = ['ssh.keys_only', 'updates.automatic', 'audit.on', 'time.synchronised'] as const;
  if (format === 'ansible') return new Set(kind === 'container' ? ['backup.daily', 'protection.on'] : ['backup.daily']);
  if (format === 'cloud-init') return new Set(['firewall.drop', 'backup.daily', 'protection.on']);
  if (provider === 'telmate') return new Set([...inside, 'firewall.drop', 'backup.daily']);
  return new Set(kind === 'container' ? [...inside, 'backup.daily'] : ['backup.daily']);
}

/** The measures that the code takes for every guest: only these are said in it. */
export function metMeasures(target: Target, { guests, measures }: Specification): Measure[] {
  return measures.filter(({ code }) => guests.every((guest) => !unmet(target, guest).has(code)));
}

/** The specification as the code makes it so, for a judgement of what will be there rather than of what was asked for. */
export function expressed(target: Target, specification: Specification): Specification {
  // What cloud-init says is inside of a guest: what is around it is for whoever makes the guest.
  if (target.format !== 'terraform' || target.provider !== 'telmate') return specification;
  const guests = specification.guests.map((guest): Guest => ({
    ...guest,
    firewall: null,
    setup: { packages: [], services: [], files: [], commands: [] },
  }));
  return { ...specification, guests };
}
