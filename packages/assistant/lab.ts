/** The door to the sandbox: a whole cluster to try things on, its faults, and worlds made from a cluster's reads. */
export { exportWorld, InvalidFaults, InvalidWorld, parseFaults, SandboxClock, startSandbox } from '@pxa/sandbox';
export type { Sandbox, SandboxOptions } from '@pxa/sandbox';
