import type { Guest, Setup } from '../specification.ts';
import { type System, systemOf } from '../systems/systems.ts';
import type { Software } from './software.ts';
import { softwareNamed } from './table.ts';
import { tlsSetup } from './tls.ts';

/** What has to be in a guest for what it is to run, and what of that its system's own repositories do not have. */
export interface SoftwareSetup {
  readonly setup: Setup;
  readonly missing: readonly { readonly what: string; readonly why: string }[];
}

/** The packages, services and files of a guest's software and certificate, with those that it had. */
export function softwareSetup(guest: Guest): SoftwareSetup {
  const system = systemOf(guest);
  const missing: { what: string; why: string }[] = [];
  const parts: Partial<Setup>[] = [guest.setup];
  for (const id of guest.software) {
    const known = softwareNamed(id);
    if (known === undefined) {
      missing.push({ what: id, why: 'This software is not known here: add its packages yourself.' });
      continue;
    }
    const { packages, services, commands } = inSystem(known, system);
    if (packages === null) {
      missing.push({ what: known.label, why: `The repositories of ${system?.label ?? 'this system'} do not have it.` });
    } else
      parts.push({ packages: [...packages], services: [...services], commands: commands.map((each) => [...each]) });
  }
  if (guest.tls !== null) parts.push(tlsSetup(guest, guest.tls));
  return { setup: mergedSetup(parts), missing };
}

function inSystem(
  { apt, dnf, services = [], dnfServices = services, dnfCommands = [] }: Software,
  system: System | undefined,
): { packages: readonly string[] | null; services: readonly string[]; commands: Software['dnfCommands'] & {} } {
  if (system?.packages === null) return { packages: null, services: [], commands: [] };
  if (system?.packages === 'dnf') return { packages: dnf, services: dnfServices, commands: dnfCommands };
  return { packages: apt, services, commands: [] };
}

/** Several as one, nothing in it twice. */
export function mergedSetup(parts: readonly Partial<Setup>[]): Setup {
  const all = <T>(pick: (part: Partial<Setup>) => readonly T[] | undefined): T[] =>
    parts.flatMap((part) => pick(part) ?? []);
  const files = new Map(all(({ files: each }) => each).map((file) => [file.path, file]));
  return {
    packages: [...new Set(all(({ packages }) => packages))],
    services: [...new Set(all(({ services }) => services))],
    files: [...files.values()],
    commands: all(({ commands }) => commands),
  };
}
