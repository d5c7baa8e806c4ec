import { afterAll, beforeAll, expect, test } from 'vitest';
import { textOf } from '../../tools/repository.ts';
import { type Step, stepsOf } from './steps.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

/** Checks and generators of the whole copy, on a machine that others may use as well. */
const limitMs = 180_000;
const steps = stepsOf(textOf('CONTRIBUTING.md'), 'Adding something that can be asked');
const checks = 'npm run check -- types imports words links unused';
const folders = /\bacme\b/;

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
});
afterAll(() => workshop.clear());

test.each(steps.map((step) => [nameOf(step), step] as const))(
  'CONTRIBUTING.md: %s',
  async (_name, step) => {
    const { ok, stdout, stderr } = await workshop.take(step);
    expect(ok ? '' : `${stdout}${stderr}`).toBe('');
  },
  limitMs,
);

test(
  'what was added holds the rules',
  async () => {
    const { stdout, stderr } = await workshop.take({ do: 'run', command: checks, exit: 0 });
    expect(stdout).toContain('checks passed');
    expect(`${stdout}${stderr}`.split('\n').filter((line) => folders.test(line))).toEqual([]);
  },
  limitMs,
);

function nameOf(step: Step): string {
  return step.do === 'run' ? step.command : `${step.do} ${step.path}`;
}
