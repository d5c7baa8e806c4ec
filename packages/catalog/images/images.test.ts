import type { Filter, Query } from '@pxa/contract';
import { type Expected, onExampleWorld } from '../check.ts';
import { all, contains, is } from '../kit/index.ts';

const images = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'images', where, ...more });

const cases: Record<string, [Query, Expected]> = {
  'ISO images with a word in their name': [
    images(all(is('content', 'iso'), contains('name', 'debian'))),
    { rows: ['volume/pve-node01/local:iso/debian-12.7.0-amd64-netinst.iso'] },
  ],
  'container templates, the same file on two nodes twice': [
    images(is('content', 'vztmpl')),
    {
      rows: [
        'volume/pve-node01/local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst',
        'volume/pve-node01/local:vztmpl/alpine-3.20-default_20240908_amd64.tar.xz',
        'volume/pve-node02/local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst',
        'volume/nas:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst',
      ],
    },
  ],
  'on a storage that is shared: one call': [
    images(all(is('content', 'iso'), is('storage', 'nas'))),
    {
      rows: [
        'volume/nas:iso/ubuntu-24.04.1-live-server-amd64.iso',
        'volume/nas:iso/virtio-win-0.1.266.iso',
        'volume/nas:iso/SERVER_2022_EVAL_x64FRE_en-us.iso',
      ],
      calls: ['/cluster/resources', '/nodes/pve-node01/storage/nas/content?content=iso'],
    },
  ],
  'the biggest': [
    images(is('content', 'iso'), { order: [{ column: 'size', dir: 'desc' }], limit: 1 }),
    { rows: ['volume/nas:iso/SERVER_2022_EVAL_x64FRE_en-us.iso'] },
  ],
};

onExampleWorld('images', cases);
