/** Parts of a movement that repeat every week, day, seven hours, 40 minutes and five minutes. */
export type Amplitudes = readonly [number, number, number, number, number];

const PERIODS = [604_800, 86_400, 25_200, 2_400, 300] as const;
const OMEGA = PERIODS.map((period) => (2 * Math.PI) / period);
/** Busiest at about two in the afternoon, UTC; each thing a little earlier or later. */
const AFTERNOON = 14 * 3600;

function phase(key: number, index: number): number {
  const omega = OMEGA[index] ?? 0;
  const random = ((Math.imul(key ^ (index + 1), 0x9e3779b1) >>> 0) % 10_007) / 10_007;
  if (index === 1) return Math.PI / 2 - omega * (AFTERNOON + (random - 0.5) * 6 * 3600);
  return random * 2 * Math.PI;
}

/** A smooth number within ± the sum of `amplitudes`, the same for the same key and time (seconds). */
export function wave(amplitudes: Amplitudes, key: number, t: number): number {
  let sum = 0;
  for (let i = 0; i < PERIODS.length; i++) {
    sum += (amplitudes[i] ?? 0) * Math.sin((OMEGA[i] ?? 0) * t + phase(key, i));
  }
  return sum;
}

/** The integral of 1 + wave from `from` to `to`: grows with `to` as long as the amplitudes' sum is under 1. */
export function waveIntegral(amplitudes: Amplitudes, key: number, from: number, to: number): number {
  let sum = to - from;
  for (let i = 0; i < PERIODS.length; i++) {
    const omega = OMEGA[i] ?? 1;
    const angle = phase(key, i);
    sum += ((amplitudes[i] ?? 0) / omega) * (Math.cos(omega * from + angle) - Math.cos(omega * to + angle));
  }
  return sum;
}
