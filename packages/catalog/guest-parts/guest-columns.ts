import { type ColumnDef, type Dataset, given } from '../kit/index.ts';

/** The columns that tell whose a part is. */
export const guestColumns: Record<string, ColumnDef> = {
  guest: given('GUEST ID', 'guest', 'text', 'text', { names: 'guest' }),
  vmid: given('VMID', 'vmid', 'number', 'count', { words: 'vmid|guest id|vm id' }),
  guest_name: given('GUEST', 'guest_name', 'text', 'text', { words: 'guest name|vm name|guest|owner' }),
  guest_type: given('GUEST TYPE', 'guest_type', 'text', 'text', {
    words: 'guest type',
    values: { qemu: 'vm|virtual machine|qemu', lxc: 'container|ct|lxc' },
  }),
  node: given('NODE', 'node', 'text', 'text', { words: 'node|host', names: 'node' }),
  status: given('STATUS', 'status', 'text', 'text', {
    words: 'guest status',
    values: { running: 'running', stopped: 'stopped' },
  }),
  template: given('TEMPLATE', 'template', 'flag', 'yes_no', {
    yes: 'of (a)? template|template',
    no: 'not of templates',
  }),
  pool: given('POOL', 'pool', 'text', 'text', { words: 'resource pool', names: 'pool' }),
  tags: given('TAGS', 'tags', 'list', 'text', { names: 'tag' }),
};

/** What a named thing narrows the parts to. */
export const guestScopes: NonNullable<Dataset['scopes']> = { guest: 'guest', node: 'node', pool: 'pool', tag: 'tags' };

/** By guest, then as the list gave them. */
export const byGuest: NonNullable<Dataset['order']> = [{ column: 'vmid', dir: 'asc' }];
