import type { Guest, State, Use } from './model.ts';
import { phasesOf, wave, waveIntegral, type Amplitudes, type Phases } from './wave.ts';

export const CPU: Amplitudes = [0.08, 0.3, 0.06, 0.02, 0.008];
export const MEMORY: Amplitudes = [0.01, 0.03, 0.01, 0.004, 0.001];
/** Their sum stays under 1: a rate that turned negative would make a counter fall. */
export const RATE: Amplitudes = [0.1, 0.45, 0.15, 0.1, 0.05];

/** How a guest's figures move: its cycles, and where they were at the start. */
interface Motion {
  bootTime: number;
  phases: Phases;
  cpu: number;
  mem: number;
  /** The integral of the rate at the start, and its growth from boot to then. */
  counted: number;
  lived: number;
  /** Whether the counters begin at 0, since it was booted after the start. */
  isFresh: boolean;
}

const known = new WeakMap<Use, Motion>();

/** Made once a start of the guest: `use` is replaced when it is started anew. */
export function motionOf(state: State, guest: Guest): Motion {
  const found = known.get(guest.use);
  if (found && found.bootTime === guest.bootTime) return found;
  const phases = phasesOf(keyOf(state.seed, guest.vmid));
  const isFresh = guest.bootTime > state.start;
  const counted = waveIntegral(RATE, phases, isFresh ? guest.bootTime : state.start);
  const lived = isFresh ? 1 : counted - waveIntegral(RATE, phases, Math.min(guest.bootTime, state.start)) || 1;
  const cpu = wave(CPU, phases, state.start);
  const motion = {
    bootTime: guest.bootTime,
    phases,
    cpu,
    mem: wave(MEMORY, phases, state.start),
    counted,
    lived,
    isFresh,
  };
  known.set(guest.use, motion);
  return motion;
}

function keyOf(seed: number, id: number): number {
  return (Math.imul(seed ^ (id * 0x9e3779b1), 0x85ebca6b) ^ id) >>> 0;
}

/** Within the first hour a movement grows from nothing, so that a question asked soon gives the documented figure. */
export function shift(start: number, t: number, movement: number): number {
  return Math.min(1, Math.abs(t - start) / 3600) * movement;
}
