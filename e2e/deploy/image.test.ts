import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, matchesGlob } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../tools/repository.ts';

const text = (name: string): string => readFileSync(join(root, name), 'utf8');
const lines = text('deploy/Containerfile').replace(/\\\n/g, ' ').split('\n');
const of = (word: string): string[] =>
  lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1).trim());

/** The image's files, as its container file copies them, with the packages that it installs: and nothing else. */
let image: string;
beforeAll(() => {
  image = mkdtempSync(join(tmpdir(), 'pxa-image-'));
  const ignored = text('.dockerignore').split('\n').filter(Boolean);
  const isWanted = (path: string): boolean =>
    !ignored.some((glob) => matchesGlob(path.slice(root.length + 1), glob) || matchesGlob(basename(path), glob));
  for (const line of of('COPY')) {
    if (line.startsWith('--from')) continue;
    for (const source of line.split(' ').slice(0, -1)) {
      cpSync(join(root, source), join(image, source), { recursive: true, filter: isWanted });
    }
  }
  install();
});
afterAll(() => rmSync(image, { recursive: true, force: true }));

/** What `npm ci` puts there with the options of the container file, by the lock file. */
function install(): void {
  const [, options = ''] = /^npm ci (.*)$/.exec(of('RUN').find((line) => line.startsWith('npm ci')) ?? '') ?? [];
  const omitted = [...options.matchAll(/--omit=(\w+)/g)].map(([, kind]) => kind);
  const { packages } = JSON.parse(text('package-lock.json')) as { packages: Record<string, Locked> };
  for (const [path, locked] of Object.entries(packages)) {
    if (!/^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path) || omitted.some((kind) => locked[kind as Omitted] === true)) {
      continue;
    }
    const from = locked.link === true ? join(image, locked.resolved ?? '') : join(root, path);
    mkdirSync(dirname(join(image, path)), { recursive: true });
    symlinkSync(from, join(image, path));
  }
}
type Omitted = 'dev' | 'optional';
type Locked = { readonly [K in Omitted | 'link']?: boolean } & { readonly resolved?: string };

test('its files are enough to serve, and its own look says how it is', async () => {
  const [, command = ''] = /^\["node", "\/opt\/pxa\/(.*)"\]$/.exec(of('ENTRYPOINT')[0] ?? '') ?? [];
  const args = JSON.parse(of('CMD')[0] ?? '') as string[]; // JSON, as its form is
  const home = join(image, 'home');
  mkdirSync(home);
  const places = Object.fromEntries(
    ['HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME'].map((name) => [name, home]),
  );
  const env = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...places };
  const child = spawn(process.execPath, [join(image, command), ...args, '--sandbox', '--port', '0', '--json'], { env });
  let complaint = '';
  child.stderr.on('data', (part: Buffer) => (complaint += part.toString()));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  try {
    const line = once(createInterface(child.stdout), 'line').then(([first]) => String(first));
    const { url } = JSON.parse(await Promise.race([line, ended.then(() => complaint)])) as { url: string };
    const [, script = ''] = /CMD \["node", "-e", "(.*)"\]$/.exec(of('HEALTHCHECK')[0] ?? '') ?? [];
    const look = script.replace(':8080', `:${new URL(url).port}`);
    expect(spawnSync(process.execPath, ['-e', look]).status).toBe(0);
    expect((await fetch(new URL('/docs', url))).status).toBe(200);
    child.kill(of('STOPSIGNAL')[0] as 'SIGTERM');
    expect(await ended).toBe(0);
    expect(spawnSync(process.execPath, ['-e', look]).status).toBe(1);
  } finally {
    child.kill('SIGKILL');
  }
});
