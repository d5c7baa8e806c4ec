import type { Cluster } from '@pxa/pve';
import { exportWorld } from '@pxa/sandbox';

/**
 * What things of the demo cluster are called in a cluster at home, whose owner chose short and ordinary words: nodes,
 * storages, pools, tags and guests that are called like what they are, or like something else. Longer names first.
 */
const renamed: readonly (readonly [RegExp, string])[] = [
  [/\bpve-node01\b/g, 'pve'],
  [/\bpve-node02\b/g, 'alpha'],
  [/\bpve-node03\b/g, 'storage-box'],
  [/\blocal-zfs\b/g, 'ssd'],
  [/\bnfs-backup\b/g, 'backup'],
  [/\bbackup-pool\b/g, 'data'],
  [/\benv-production\b/g, 'prod'],
  [/\benv-development\b/g, 'running'],
  [/\benv-staging\b/g, 'testing'],
  [/\bk8s\b(?!-)/g, 'cluster'],
  [/\bdns(?=;)/g, 'network'],
  [/\bmonitoring-stack\b/g, 'plex'],
  [/\bapp-server-prod\b/g, 'homeassistant'],
  [/\bdb-postgres-01\b/g, 'db'],
  [/\bbuild-agent\b/g, 'test'],
  [/\bpihole-primary\b/g, 'dns'],
  [/\bkubernetes\b/g, 'ha'],
];

/** The demo cluster as a world with those names. */
export async function homeWorld(demo: Cluster, now: number): Promise<Record<string, unknown>> {
  const { reader } = demo.session();
  const read = async (path: string, params: Record<string, string> = {}): Promise<unknown> => {
    const got = await reader.getRaw(path, params);
    return got.ok ? got.data : undefined;
  };
  const text = JSON.stringify(await exportWorld(read, now));
  const named = renamed.reduce((all, [from, to]) => all.replace(from, to), text);
  return JSON.parse(named) as Record<string, unknown>; // a world was put in, and strings changed
}
