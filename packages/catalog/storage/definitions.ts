import { asFlag, asObject, asText } from '@pxa/pve/values';
import { type ColumnDef, dataset, drafts, extracted, flag, list, type RowsReader, text } from '../kit/index.ts';

/** What storage.cfg says, those that are switched off included: one call (PVE::API2::Storage::Config, index). */
const rows: RowsReader = async (reading) => {
  const got = await reading.list('/storage', {});
  if (!got.ok) {
    reading.lacks('storage definitions', got.why, got.nextStep);
    return [];
  }
  return drafts(got.data, ({ data }) => `storage-definition/${String(data['storage'])}`);
};

/** Proxmox keeps the key itself in a file of the node, and here only that there is one (PBSPlugin.pm, on_add_hook). */
const withKey: ColumnDef = extracted(
  'ENCRYPTION KEY',
  'flag',
  'yes_no',
  'base',
  (data) => ({ value: asText(data['encryption-key']) !== null, keys: ['encryption-key'] }),
  { words: 'encryption key', yes: 'with an encryption key', no: 'without an encryption key' },
);

/** `keep-last=5`, and where Proxmox gives an object, the same. */
const retention: ColumnDef = extracted(
  'RETENTION',
  'text',
  'text',
  'base',
  (data) => {
    const parts = asObject(data['prune-backups']);
    const written = parts === null ? asText(data['prune-backups']) : joined(parts);
    return { value: written, keys: ['prune-backups'] };
  },
  { words: 'retention|backup retention' },
);

const joined = (parts: Readonly<Record<string, unknown>>): string =>
  Object.entries(parts)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');

/** The cluster's storages as they are defined, each once, with where it is and what it may hold. */
export const storageDefinitions = dataset({
  id: 'storage-definitions',
  title: 'Storage definitions',
  counted: 'count',
  nouns: [{ words: 'storage definition|defined storage|storage configuration', title: 'Storage definitions' }],
  rows,
  columns: {
    storage: text('STORAGE', 'storage', { words: 'name|storage name', names: 'storage' }),
    type: text('TYPE', 'type', { words: 'type|kind|plugin' }),
    enabled: extracted(
      'ENABLED',
      'flag',
      'yes_no',
      'base',
      (data) => ({ value: asFlag(data['disable']) !== true, keys: ['disable'] }),
      { words: 'enabled', yes: 'enabled|switched on', no: 'disabled|switched off' },
    ),
    content: list('CONTENT', 'content', { words: 'content|content type', absent: [] }),
    nodes: list('NODES', 'nodes', { words: 'node|host', names: 'node', absent: [] }),
    shared: flag('SHARED', 'shared', { absent: false, words: 'shared', yes: 'shared', no: 'not shared' }),
    path: text('PATH', 'path', { words: 'path', absent: '' }),
    server: text('SERVER', 'server', { words: 'server', absent: '' }),
    export: text('EXPORT', 'export', { words: 'export', absent: '' }),
    share: text('SHARE', 'share', { words: 'share', absent: '' }),
    pool: text('POOL', 'pool', { words: 'zfs pool|ceph pool', absent: '' }),
    vgname: text('VOLUME GROUP', 'vgname', { words: 'volume group', absent: '' }),
    thinpool: text('THIN POOL', 'thinpool', { words: 'thin pool', absent: '' }),
    datastore: text('DATASTORE', 'datastore', { words: 'datastore', absent: '' }),
    namespace: text('NAMESPACE', 'namespace', { words: 'namespace', absent: '' }),
    username: text('USER', 'username', { words: 'user|user name', absent: '' }),
    fingerprint: text('FINGERPRINT', 'fingerprint', { words: 'fingerprint', absent: '' }),
    with_key: withKey,
    retention,
  },
  identity: ['storage'],
  shown: ['storage', 'type', 'enabled', 'content', 'nodes', 'shared', 'path', 'server'],
  named: 'storage',
  scopes: { storage: 'storage', node: 'nodes' },
  order: [{ column: 'storage', dir: 'asc' }],
});
