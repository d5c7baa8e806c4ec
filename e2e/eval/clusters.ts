import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Assistant, createAssistant } from '@pxa/assistant';
import { type Cluster, connect } from '@pxa/pve';
import { type Sandbox, SandboxClock, type SandboxOptions, startSandbox } from '@pxa/sandbox';
import { openStore } from '@pxa/store';
import { root } from '../../tools/repository.ts';
import { homeWorld } from './home.ts';
import { oddState } from './odd.ts';

/** The clusters that everybody can open; the folders of `sentences/` bear their names. */
export const shippedClusters = ['demo', 'odd', 'home', 'generated'] as const;
/** With the one that stands in the shared documents. */
export const clusterNames = [...shippedClusters, 'world'] as const;
export type ClusterName = (typeof clusterNames)[number];

/** Where the documents that are handed around with the project lie; not everybody has them. */
export const shared = process.env['PXA_SHARED'] ?? join(root, '..', 'shared');
const worldFile = join(shared, 'examples', 'world.json');

export interface OpenCluster {
  readonly assistant: Assistant;
  close(): Promise<void>;
}

/** Whether the cluster can be opened here. */
export function isHere(name: ClusterName): boolean {
  return name !== 'world' || existsSync(worldFile);
}

/** An assistant on a sandbox whose time stands still, so that what moves by itself is the same in every run. */
export async function openCluster(name: ClusterName): Promise<OpenCluster> {
  return open(await optionsOf(name));
}

/** The same on another world file. */
export async function openWorldFile(file: string, clock: string, pve: '8.4' | '9.2'): Promise<OpenCluster> {
  return open({ world: JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>, clock: frozen(clock), pve });
}

async function optionsOf(name: ClusterName): Promise<SandboxOptions> {
  const clock = frozen('2026-02-23T10:00:00Z');
  switch (name) {
    case 'demo':
      return { world: 'demo', clock };
    case 'odd':
      return { world: oddState(clock), clock };
    case 'home': {
      const demo = await startSandbox({ world: 'demo', clock });
      const cluster = connectTo(demo);
      const world = await homeWorld(cluster, clock.now() / 1000);
      await cluster.close();
      await demo.close();
      return { world, clock };
    }
    case 'generated':
      return { seed: 7, nodes: 5, guests: 60, clock };
    case 'world': {
      const world = JSON.parse(readFileSync(worldFile, 'utf8')) as Record<string, unknown>;
      return { world, clock: frozen('2025-11-20T10:30:00Z'), pve: '8.4' };
    }
    default:
      return name satisfies never;
  }
}

function frozen(iso: string): SandboxClock {
  return new SandboxClock(Date.parse(iso), 0);
}

function connectTo(sandbox: Sandbox): Cluster {
  return connect({
    url: sandbox.url,
    auth: { kind: 'token', tokenId: sandbox.tokenId, secret: sandbox.tokenSecret },
    tls: { fingerprint: sandbox.fingerprint },
  });
}

async function open(options: SandboxOptions): Promise<OpenCluster> {
  const sandbox = await startSandbox(options);
  const cluster = connectTo(sandbox);
  let ids = 0;
  const now = (): number => sandbox.clock.now();
  const assistant = createAssistant({
    cluster,
    now,
    ids: () => `c${++ids}`,
    changes: {
      openStore: () => openStore({ kind: 'sqlite', file: ':memory:' }, { now }),
      connection: 'the sandbox',
      user: sandbox.tokenId,
      person: { name: 'examiner', door: 'command_line' },
      owner: 'eval',
      id: (prefix) => `${prefix}_${++ids}`,
      sleep: () => Promise.resolve(),
    },
  });
  return {
    assistant,
    close: async () => {
      await assistant.close();
      await sandbox.close();
    },
  };
}
