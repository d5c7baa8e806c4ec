import { expect, test } from 'vitest';
import { fits } from './same-value.ts';

const mac = 'virtio=BC:24:11:C2:DA:23,bridge=vmbr0,tag=30';

test.each([
  ['a part without its value, as Proxmox gave it one', mac, 'virtio,bridge=vmbr0,tag=30', true],
  ['another tag', mac, 'virtio,tag=31', false],
  ['another model', mac, 'e1000,bridge=vmbr0', false],
  ['a part that is not there', 'local-zfs:vm-1-disk-0,size=8G', 'size=9G', false],
  ['nothing at all', undefined, 'size=9G', false],
])('parts of a property string: %s', (_name, value, is, holds) => {
  expect(fits(value, { at: ['net0'], is, how: 'parts' })).toBe(holds);
});
