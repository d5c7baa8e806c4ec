import { ask, Run } from '@pxa/ask';
import { datasets, defaultThresholds } from '@pxa/catalog';
import { connect } from '@pxa/pve';
import { startSandbox } from '@pxa/sandbox';
import { expect, test } from 'vitest';
import { adviceDatasets } from '../index.ts';

const all = new Map([...datasets, ...adviceDatasets]);

test('migrations are proposed away from the fullest nodes, each checked with Proxmox, and over-commitment is told', async () => {
  const sandbox = await startSandbox({ clock: Date.UTC(2026, 1, 23, 10) });
  const cluster = connect({
    url: sandbox.url,
    auth: { kind: 'token', tokenId: sandbox.tokenId, secret: sandbox.tokenSecret },
    tls: { fingerprint: sandbox.fingerprint },
  });
  const session = cluster.session();
  const run = new Run(session.reader, all, () => sandbox.clock.now() / 1000);
  const { view, findings } = await ask(run, { dataset: 'capacity' }, defaultThresholds);
  expect(view.rows.map(({ id }) => id)).toEqual(['node/pve-node01', 'node/pve-node02', 'node/pve-node03']);
  const moves = findings.filter(({ code }) => code === 'advice.migrate');
  expect(moves.length).toBeGreaterThan(0);
  for (const move of moves) {
    expect(move.text).toContain('to pve-node02');
    expect(move.evidence.length).toBeGreaterThan(0);
    const [type, vmid] = move.about.split('/');
    const checked = session.calls.some(({ path }) => path.endsWith(`/qemu/${vmid}/migrate`));
    expect(type === 'lxc' || checked).toBe(true);
  }
  expect(findings.map(({ code }) => code)).toContain('advice.overcommitted');
  await cluster.close();
  await sandbox.close();
});
