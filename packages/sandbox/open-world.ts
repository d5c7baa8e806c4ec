import { SandboxClock, systemTime } from './clock.ts';
import type { SandboxOptions } from './options.ts';
import { demoState, generateState, loadWorld, type State } from './state.ts';

/** What /version tells where only the release was asked for. */
const RELEASES: Record<'8.4' | '9.2', State['version']> = {
  '8.4': { version: '8.4.14', release: '8.4', repoid: 'b502d23c55afcba1' },
  '9.2': { version: '9.2.11', release: '9.2', repoid: '6c1d0f4a8b7e2953' },
};

/** The cluster that the options ask for, and its clock. Throws InvalidWorld for a world that cannot be loaded. */
export function openWorld(options: SandboxOptions): { state: State; clock: SandboxClock } {
  const { world = 'demo', seed, nodes, guests } = options;
  if (isState(world)) return finish(world, options, clockFor(options.clock, world.start * 1000));
  if (world !== 'demo') {
    const state = loadWorld(world);
    return finish(state, options, clockFor(options.clock, state.start * 1000));
  }
  const clock = clockFor(options.clock, systemTime.now());
  const isGenerated = seed !== undefined || nodes !== undefined || guests !== undefined;
  return finish(isGenerated ? generateState({ seed, nodes, guests, clock }) : demoState(clock), options, clock);
}

function finish(
  state: State,
  { access, pve }: SandboxOptions,
  clock: SandboxClock,
): { state: State; clock: SandboxClock } {
  if (access) state.access = access;
  if (pve !== undefined && state.version.release !== pve) {
    state.version = { ...RELEASES[pve] };
    state.major = pve === '8.4' ? 8 : 9;
  }
  return { state, clock };
}

function clockFor(given: SandboxOptions['clock'], startMs: number): SandboxClock {
  if (given instanceof SandboxClock) return given;
  return new SandboxClock(given === undefined ? startMs : Number(given));
}

function isState(world: object | string): world is State {
  return typeof world === 'object' && 'guests' in world && world.guests instanceof Map;
}
