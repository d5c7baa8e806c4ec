import type { Filter, Query } from '@pxa/contract';
import { expect, test } from 'vitest';
import { type Expected, onExampleWorld } from '../check.ts';
import { is, known, oneOf } from '../kit/index.ts';
import { kindOf } from './kinds.ts';

const gpu = 'pci/pve-node03/0000:c1:00.0';
const devices = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'pci', where, ...more });

const cases: Record<string, [Query, Expected]> = {
  GPUs: [
    devices(oneOf('kind', 'gpu', 'accelerator')),
    { rows: [gpu], cells: { [gpu]: { vendor: 'NVIDIA Corporation', iommugroup: 41, kind: 'gpu' } } },
  ],
  'of a node': [
    devices(is('node', 'pve-node01')),
    { rows: ['pci/pve-node01/0000:01:00.0', 'pci/pve-node01/0000:02:00.0'] },
  ],
  'passed through, and to whom': [
    devices(known('guests'), { focus: ['guests'] }),
    { rows: [gpu], cells: { [gpu]: { guests: ['qemu/108'] } } },
  ],
};

onExampleWorld('hardware', cases);

test.each([
  ['0x030000', '0x10de', 'gpu'],
  ['0x030000', '0x1a03', 'management display'],
  ['0x010802', '0x144d', 'nvme'],
  ['0x010700', '0x1000', 'storage controller'],
  ['0x0c0330', '0x8086', 'usb controller'],
  ['', '', 'other'],
])('%s of %s is a %s', (classCode, vendor, kind) => {
  expect(kindOf(classCode, vendor)).toBe(kind);
});
