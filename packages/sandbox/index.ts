/** The door to the sandbox: a whole Proxmox VE cluster in memory, behind HTTPS. */
export { startSandbox, type Sandbox } from './sandbox.ts';
export { openTwin, type Twin, type TwinOptions } from './twin.ts';
export type { SandboxOptions } from './options.ts';
export { SandboxClock, type Clock } from './clock.ts';
export { InvalidFaults, parseFaults, type Fault } from './fault-file.ts';
export { exportAccess } from './worlds/export.ts';
export { exportFirewall } from './worlds/export-read.ts';
export { demoState, exportWorld, generateState, InvalidWorld, loadWorld, type State } from './state.ts';
