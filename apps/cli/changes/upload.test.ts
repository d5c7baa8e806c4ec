import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newHome } from '../in-process.ts';
import { type Somebody, Standing } from './standing.ts';

const home = newHome();
const file = join(home, 'talos.iso');
let here: Standing;
let anna: Somebody;

beforeAll(async () => {
  const clock = new SandboxClock(Date.UTC(2026, 1, 23, 10), 0);
  here = new Standing(await startSandbox({ clock }), clock);
  anna = here.person(home);
});
beforeEach(() => writeFileSync(file, Buffer.alloc(3 * 2 ** 20, 'image')));
afterAll(() => here.sandbox.close());

describe('a file of this computer', () => {
  test.each([
    ['by its whole path', `upload ${file} to local on pve-node02`],
    ['in the home folder, under another name', 'upload ~/talos.iso to nfs-backup as talos-1.9.iso'],
  ])('is uploaded %s', async (_name, say) => {
    const { stdout } = await anna.run(['approve', await anna.plan(say)]);
    expect(stdout).toMatch(/\[OK\] Done: 1 step\.\nVerified by a fresh read\./);
  });

  test.each([
    ['has other bytes by then', () => appendFileSync(file, '!'), 'is not the file that it was when it was planned'],
    ['is gone by then', () => rmSync(file), 'is not there'],
  ])('is not sent where it %s', async (_name, meanwhile, text) => {
    const plan = await anna.plan(`upload ${file} to local as other.iso`);
    meanwhile();
    const { stdout } = await anna.run(['approve', plan]);
    expect(stdout).toContain('Nothing was sent');
    expect(stdout).toContain(text);
    expect(stdout).not.toContain('[OK]');
  });

  test.each([
    ['is not there', 'upload ~/other.iso to local'],
    ['is a folder', 'upload ~/ to local as x.iso'],
    ['does not tell what kind of file it is', 'upload ~/talos to local'],
    ['is not the file that was meant', `upload ~/talos.iso to local with sha512 ${'0'.repeat(128)}`],
  ])('is told of where it %s', async (text, say) => {
    const { stdout } = await anna.run(['ask', '-q', say]);
    expect(stdout).toContain(text);
    expect(stdout).not.toMatch(/^Plan /);
  });
});
