import { PveError, type Behaviours } from '../behaviour.ts';
import type { Row } from '../state/model.ts';

/** What the installed QEMU can do. */
export const capabilities: Behaviours = {
  'GET /nodes/{node}/capabilities/qemu/cpu': () => CPU_MODELS.map(([name, vendor]) => ({ name, vendor, custom: 0 })),
  'GET /nodes/{node}/capabilities/qemu/machines': ({ version }) => machines(version.major),
  'GET /nodes/{node}/capabilities/qemu/migration': () => ({ 'has-dbus-vmstate': 1 }),
  'GET /cluster/qemu/custom-cpu-models': () => [],
  'GET /cluster/ceph/status': noCeph,
  'GET /cluster/ceph/metadata': noCeph,
  'GET /cluster/ceph/flags': noCeph,
  'GET /nodes/{node}/ceph/status': noCeph,
  'GET /nodes/{node}/ceph/osd': noCeph,
  'GET /nodes/{node}/ceph/mon': noCeph,
  'GET /nodes/{node}/ceph/mgr': noCeph,
  'GET /nodes/{node}/ceph/mds': noCeph,
  'GET /nodes/{node}/ceph/fs': noCeph,
  'GET /nodes/{node}/ceph/pool': noCeph,
  'GET /nodes/{node}/ceph/rules': noCeph,
  'GET /nodes/{node}/ceph/crush': noCeph,
  'GET /cluster/notifications/targets': () => [
    { name: 'mail-to-root', type: 'sendmail', comment: "Send mails to root@pam's email address", origin: 'builtin' },
  ],
  'GET /cluster/notifications/endpoints/sendmail': () => [
    { name: 'mail-to-root', 'mailto-user': ['root@pam'], origin: 'builtin' },
  ],
  'GET /cluster/notifications/endpoints/gotify': () => [],
  'GET /cluster/notifications/endpoints/smtp': () => [],
  'GET /cluster/notifications/endpoints/webhook': () => [],
  'GET /cluster/notifications/matchers': () => [
    {
      name: 'default-matcher',
      target: ['mail-to-root'],
      mode: 'all',
      origin: 'builtin',
      comment: 'Route all notifications to mail-to-root',
    },
  ],
};

/** Ceph runs on none of these nodes; their RBD storages are somebody else's. */
function noCeph(): never {
  throw new PveError(500, 'binary not installed: /usr/bin/ceph-mon\n');
}

const CPU_MODELS: [string, string][] = [
  ['host', 'default'],
  ['max', 'default'],
  ['kvm64', 'default'],
  ['qemu64', 'default'],
  ['x86-64-v2', 'default'],
  ['x86-64-v2-AES', 'default'],
  ['x86-64-v3', 'default'],
  ['x86-64-v4', 'default'],
  ['Skylake-Server', 'GenuineIntel'],
  ['Cascadelake-Server', 'GenuineIntel'],
  ['Icelake-Server', 'GenuineIntel'],
  ['SapphireRapids', 'GenuineIntel'],
  ['EPYC', 'AuthenticAMD'],
  ['EPYC-Rome', 'AuthenticAMD'],
  ['EPYC-Milan', 'AuthenticAMD'],
  ['EPYC-Genoa', 'AuthenticAMD'],
];

/** Machine versions from the newest back to 6.0. */
function machines(major: 8 | 9): Row[] {
  const newer = ['10.1', '10.0'];
  const versions = [
    ...(major >= 9 ? newer : []),
    '9.2',
    '9.1',
    '9.0',
    '8.2',
    '8.1',
    '8.0',
    '7.2',
    '7.1',
    '7.0',
    '6.2',
    '6.1',
    '6.0',
  ];
  return versions.flatMap((version) => [
    { id: `pc-i440fx-${version}`, type: 'i440fx', version },
    { id: `pc-q35-${version}`, type: 'q35', version },
  ]);
}
