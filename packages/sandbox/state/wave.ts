/** Parts of a movement that repeat every week, day, seven hours, 40 minutes and five minutes. */
export type Amplitudes = readonly [number, number, number, number, number];

/** Where in its five cycles a thing is: angles at time 0. */
export type Phases = readonly [number, number, number, number, number];

const WEEK = (2 * Math.PI) / 604_800;
const DAY = (2 * Math.PI) / 86_400;
const SHIFT = (2 * Math.PI) / 25_200;
const SPELL = (2 * Math.PI) / 2_400;
const MOMENT = (2 * Math.PI) / 300;

/** Busiest at about two in the afternoon, UTC; each thing a little earlier or later. */
const AFTERNOON = 14 * 3600;

/** The phases of whatever has this key: always the same for the same key. */
export function phasesOf(key: number): Phases {
  const random = (index: number): number => ((Math.imul(key ^ (index + 1), 0x9e3779b1) >>> 0) % 10_007) / 10_007;
  const turn = (index: number): number => random(index) * 2 * Math.PI;
  const daily = Math.PI / 2 - DAY * (AFTERNOON + (random(1) - 0.5) * 6 * 3600);
  return [turn(0), daily, turn(2), turn(3), turn(4)];
}

/** A smooth number within ± the sum of `amplitudes`; `t` in seconds. */
export function wave(amplitudes: Amplitudes, phases: Phases, t: number): number {
  return (
    amplitudes[0] * Math.sin(WEEK * t + phases[0]) +
    amplitudes[1] * Math.sin(DAY * t + phases[1]) +
    amplitudes[2] * Math.sin(SHIFT * t + phases[2]) +
    amplitudes[3] * Math.sin(SPELL * t + phases[3]) +
    amplitudes[4] * Math.sin(MOMENT * t + phases[4])
  );
}

/** The integral of 1 + wave up to `t`, but for a constant: grows as long as the amplitudes' sum is under 1. */
export function waveIntegral(amplitudes: Amplitudes, phases: Phases, t: number): number {
  return (
    t -
    (amplitudes[0] / WEEK) * Math.cos(WEEK * t + phases[0]) -
    (amplitudes[1] / DAY) * Math.cos(DAY * t + phases[1]) -
    (amplitudes[2] / SHIFT) * Math.cos(SHIFT * t + phases[2]) -
    (amplitudes[3] / SPELL) * Math.cos(SPELL * t + phases[3]) -
    (amplitudes[4] / MOMENT) * Math.cos(MOMENT * t + phases[4])
  );
}
