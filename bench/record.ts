import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { formatted } from '../tools/formatted.ts';
import { root } from '../tools/repository.ts';
import type { Figure } from './figure.ts';

const path = 'docs/performance.md';
const page = join(root, path);
const begin = '<!-- figures: written by npm run bench -- --record -->';
const end = '<!-- end of figures -->';

/**
 * Puts measured figures into docs/performance.md, with the machine that they were measured on and how busy it was
 * before (the load average of its last minute).
 */
export async function record(figures: readonly Figure[], loadBefore: number): Promise<void> {
  const text = await readFile(page, 'utf8');
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before === -1 || after < before) throw new Error(`${page} has no place for figures`);
  const table = [begin, '', machine(loadBefore), '', ...tableOf(figures), ''].join('\n');
  await writeFile(page, await formatted(path, `${text.slice(0, before)}${table}\n${text.slice(after)}`));
}

function machine(loadBefore: number): string {
  const day = new Date().toISOString().slice(0, 10);
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Measured on ${day}: ${processors.length} × ${processors[0]?.model.trim()}, ${memory} GiB, Node ${process.versions.node}; load before: ${loadBefore.toFixed(1)}.`;
}

function tableOf(figures: readonly Figure[]): string[] {
  const rows = figures.map(({ figure, value, unit, against, ratio, goal, ok }) => {
    const compared = against === undefined ? '' : `${against}`;
    const bound = goal === undefined ? '' : `at most ${goal}${ok === false ? ', missed' : ''}`;
    return `| ${figure} | ${value} ${unitNames[unit]} | ${compared} | ${ratio ?? ''} | ${bound} |`;
  });
  return ['| figure | measured | against | ratio | goal |', '| --- | --- | --- | --- | --- |', ...rows];
}

const unitNames: Record<Figure['unit'], string> = {
  ms: 'ms',
  ratio: '',
  calls: 'calls',
  per_s: 'a second',
  MiB: 'MiB',
};
