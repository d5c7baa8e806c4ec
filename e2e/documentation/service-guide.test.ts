import { readFileSync } from 'node:fs';
import { SCOPES, serviceSettings } from '@pxa/server';
import { describe, expect, test } from 'vitest';
import { Lab } from '../../apps/server/testing/lab.ts';

const guide = readFileSync(new URL('../../docs/service.md', import.meta.url), 'utf8');

describe('the guide to the service', () => {
  test('shows settings that are understood', () => {
    const [, text = ''] = /```json\n([\s\S]*?)```/.exec(guide) ?? [];
    const { service } = JSON.parse(text) as { service: object };
    const read: object = serviceSettings(service, {});
    expect(Object.keys(service).every((name) => name in read)).toBe(true);
  });

  test('names every scope', () => {
    const areas = new Set(SCOPES.map((scope) => (/:(?:read|write)$/.test(scope) ? scope.split(':')[0] : scope)));
    areas.delete('approval');
    expect([...areas].filter((area) => !guide.includes(`\`${area}\``))).toEqual([]);
  });

  test('names every figure of ours, and no other', async () => {
    const lab = await Lab.start({}, { metrics: 'open' });
    const text = String((await lab.send('GET /metrics')).body);
    await lab.close();
    const told = [...text.matchAll(/^# TYPE (pxa_\w+) /gm)].map(([, name = '']) => name);
    const named = [...guide.matchAll(/^\| `(pxa_\w+)`/gm)].map(([, name = '']) => name);
    expect(new Set(named)).toEqual(new Set(told));
    expect(named).toHaveLength(told.length);
  });
});
