import type { Action } from '@pxa/catalog';

type Words = Pick<Action, 'id' | 'verb' | 'say' | 'input'> & Partial<Pick<Action, 'risk' | 'on'>>;

/** An action that is understood, and never planned. */
function words(of: Words): Action {
  return {
    risk: 'change',
    ...of,
    examples: [],
    plan: () => Promise.reject(new Error('no order is planned here')),
  };
}

const guests = { dataset: 'guests' } as const;

/** Orders with an input of every kind, to try the language of templates with. */
export const testActions: readonly Action[] = [
  words({
    id: 'guest.start',
    verb: 'start',
    on: guests,
    say: ['(start|boot|power on) {on}', 'turn {on} on'],
    input: {},
  }),
  words({
    id: 'guest.shutdown',
    verb: 'shut down',
    risk: 'disruptive',
    on: guests,
    say: ['(shut down|turn off) {on} {*}', '(shut|turn) {on} (down|off) {*}'],
    input: { timeout: { kind: 'duration', say: ['within {}', 'with a timeout of {}'] } },
  }),
  words({ id: 'guest.pause', verb: 'pause', on: { dataset: 'guests', type: 'qemu' }, say: ['pause {on}'], input: {} }),
  words({
    id: 'guest.delete',
    verb: 'delete',
    risk: 'destructive',
    on: guests,
    say: ['(delete|destroy) {on}'],
    input: { purge: { kind: 'flag', say: ['and purge it', 'with purge'], no: ['without purge'] } },
  }),
  words({
    id: 'vm.create',
    verb: 'create a VM',
    say: ['(create|make) [new] {*} (vm|virtual machine)'],
    input: {
      name: { kind: 'name', say: ['(called|named) {}'] },
      node: { kind: 'node', say: ['on [node] {}'] },
      cores: { kind: 'count', say: ['{} (core|vcpu)'] },
      memory: { kind: 'size', say: ['{} [of] (ram|memory)', 'with {}'] },
      disk: { kind: 'size', say: ['{} disk'] },
      storage: { kind: 'storage', say: ['on storage {}'] },
      bridge: { kind: 'bridge', say: ['bridge {}'] },
      vmid: { kind: 'vmid', say: ['with id {}'] },
      tags: { kind: 'words', say: ['tagged {}'] },
      notes: { kind: 'text', say: ['with notes {}'] },
      iso: { kind: 'url', say: ['from {}'] },
      pool: { kind: 'pool', say: ['in pool {}'] },
      start: { kind: 'flag', say: ['and start it'] },
    },
  }),
  words({
    id: 'guest.migrate',
    verb: 'migrate',
    on: guests,
    say: ['[{mode}] (migrate|move) {on} {*}'],
    input: {
      to: { kind: 'node', say: ['(to|onto) [node] {}'], ask: 'To which node?' },
      mode: { kind: 'choice', say: ['{}'], values: { online: 'live|online', offline: 'offline|cold' } },
    },
  }),
  words({
    id: 'guest.rename',
    verb: 'rename',
    on: guests,
    say: ['rename {on} (to|as) {name}'],
    input: { name: { kind: 'name', say: [], ask: 'What is it to be called?' } },
  }),
  words({
    id: 'guest.memory',
    verb: 'change the memory of',
    on: guests,
    say: ['(set|change) memory (of|on) {on} to {to}', 'give {on} {to} [of] memory'],
    input: { to: { kind: 'size', say: [] } },
  }),
  words({
    id: 'guest.resize',
    verb: 'resize a disk of',
    on: guests,
    say: ['(resize|grow) [{disk} of] {on} (to {to}|(by|+) {more})'],
    input: { disk: { kind: 'disk', say: [] }, to: { kind: 'size', say: [] }, more: { kind: 'size', say: [] } },
  }),
  words({
    id: 'guest.unplug',
    verb: 'unplug',
    risk: 'disruptive',
    on: guests,
    say: ['unplug {nic} (of|from) {on}'],
    input: { nic: { kind: 'nic', say: [] } },
  }),
  words({
    id: 'guest.address',
    verb: 'set the address of',
    on: guests,
    say: ['set (address|cloud-init ip) of {on} to {ip} {*}'],
    input: { ip: { kind: 'address', say: [] }, gateway: { kind: 'address', say: ['with gateway {}'] } },
  }),
  words({
    id: 'backup-job.create',
    verb: 'schedule backups',
    say: ['schedule {*} backup {*}'],
    input: {
      when: { kind: 'schedule', say: ['{}', 'at {}'], ask: 'When?' },
      guests: { kind: 'guests', say: ['of {}'] },
      storage: { kind: 'storage', say: ['to [storage] {}'] },
      by: { kind: 'user', say: ['as {}'] },
      until: { kind: 'clock', say: ['until {}'] },
      model: { kind: 'guest', say: ['like {}'] },
      rate: { kind: 'word', say: ['rated {}'] },
    },
  }),
  words({
    id: 'node.reboot',
    verb: 'reboot',
    risk: 'destructive',
    on: { dataset: 'nodes' },
    say: ['reboot {on}'],
    input: {},
  }),
];
