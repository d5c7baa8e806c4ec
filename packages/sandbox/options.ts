import type { AccessConfig } from './access.ts';
import type { SandboxClock } from './clock.ts';
import type { Fault } from './fault-file.ts';
import type { State } from './state.ts';
import type { SecondFactor } from './tfa.ts';

/** How to start a sandbox; everything may be left out. */
export interface SandboxOptions {
  /** `demo` (default), a world as raw reads, or a cluster that is already loaded. */
  world?: 'demo' | State | Record<string, unknown>;
  /** With any of these three, a cluster is generated instead. */
  seed?: number;
  nodes?: number;
  guests?: number;
  /** When the sandbox's time starts (a number is milliseconds since 1970), or a clock. Default: now; for a world, when it was read. */
  clock?: Date | number | SandboxClock;
  /** Which release's ways to show; default: 9.2, or the release of the world. */
  pve?: '8.4' | '9.2';
  /** 0 (default): any free port. */
  port?: number;
  host?: string;
  /** Gives every node an address of its own, 127.0.0.2 and on, at the same port; for failover. Linux only. */
  everyNode?: boolean;
  faults?: Fault[];
  /** Opens POST /sandbox/control/… for programs on this machine. */
  control?: boolean;
  /** Replaces the users, tokens, roles and ACL of the world. */
  access?: AccessConfig;
  /** For conformance runs: calls end with `{"data":null}` after the parameter check, or after the permission check. */
  probe?: boolean | 'permissions';
  /** Of root@pam!sandbox; default: a new UUID. */
  tokenSecret?: string;
  /** Of root@pam; default `sandbox`. */
  password?: string;
  /** Of other users, by `user@realm`. */
  passwords?: Record<string, string>;
  /** Secrets of other tokens, by `user@realm!token`. */
  tokens?: Record<string, string>;
  /** Second factors, by `user@realm`. */
  tfa?: Record<string, SecondFactor>;
}
