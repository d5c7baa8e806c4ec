import type { FirewallRule } from '../specification.ts';

/** An existing guest as its cluster tells of it. */
export interface Live {
  readonly kind: 'vm' | 'container';
  readonly vmid: number;
  readonly node: string;
  readonly isRunning: boolean;
  /** As the HA manager is asked to keep it; null where it does not. */
  readonly ha: {
    readonly state: string;
    readonly maxRestart: number | null;
    readonly maxRelocate: number | null;
  } | null;
  readonly config: Readonly<Record<string, string>>;
  /** Null where it could not be read. */
  readonly firewall: {
    readonly enabled: boolean;
    readonly input: string | null;
    readonly output: string | null;
    readonly rules: readonly LiveRule[];
  } | null;
}

/** A rule as Proxmox has it: ports and protocols may be names, and some options have no word in code. */
export type LiveRule = {
  readonly [key in Exclude<keyof FirewallRule, 'enabled'>]: string | null;
} & { readonly enabled: boolean };
