import { actions, datasets } from '@pxa/catalog';
import { type Meaning, queryText } from '@pxa/contract';
import { type Conversation, Language } from '@pxa/language';
import { expect, test } from 'vitest';
import { exampleInventory } from './inventory.ts';

const language = new Language([...datasets.values()], [...actions.values()]);
const order = { action: 'guest.stop', targets: ['qemu/105'], input: {} };
const stopped: Conversation = { order, ids: order.targets };

function textOf(meaning: Meaning): string {
  if (meaning.kind === 'query') return queryText(meaning.query);
  if (meaning.kind === 'command') return `${meaning.command.action} ${meaning.command.targets.join()}`;
  return meaning.kind === 'clarification' ? meaning.clarification.question : meaning.reason;
}

/** What is said after an order, and what is understood. */
const said: readonly (readonly [say: string, means: string])[] = [
  ['yes', 'approve nothing'],
  ['ok', 'approve nothing'],
  ['yes please', 'approve nothing'],
  ['go ahead', 'approve nothing'],
  ['yes, do it now', 'approve nothing'],
  ['looks good', 'approve nothing'],
  ['carry it out', 'approve nothing'],
  ['I approve', 'approve nothing'],
  ['approve plan_7', 'approve nothing'],
  ['no', 'nothing will be'],
  ['never mind', 'nothing will be'],
  ['forget it', 'nothing will be'],
  ['cancel', 'nothing will be'],
  ['undo that', 'nothing will be'],
  ['how much memory does it have', 'guests where id = qemu/105'],
  ['its disks', 'guest-disks where guest in [qemu/105]'],
  ['wait, first show me its CPU usage', 'guests where id = qemu/105'],
  ['actually show me its memory first', 'guests where id = qemu/105'],
  ['forget it. how many VMs run?', 'guests where type = qemu and state = running and not (template = true) give count'],
  ['no, 103', 'guest.stop qemu/103'],
  ['sorry, I meant 103', 'guest.stop qemu/103'],
  ['db-primary instead', 'guest.stop qemu/103'],
  ['I meant restart it', 'guest.reboot qemu/105'],
  ['no, restart it', 'guest.reboot qemu/105'],
];

test.each(said)('after an order, “%s”', (say, means) => {
  expect(textOf(language.understand(say, stopped, exampleInventory))).toContain(means);
});

test('an order is what “it” stands for, whatever was asked before', () => {
  const query = { dataset: 'guests', where: { op: 'compare', column: 'state', is: '=', value: 'stopped' } } as const;
  const meaning = language.understand('how much memory does it have', { ...stopped, query }, exampleInventory);
  expect(textOf(meaning)).toContain('id = qemu/105');
});

/** After an answer with these rows. */
const shown = {
  query: { dataset: 'guests', where: { op: 'compare', column: 'state', is: '=', value: 'stopped' } },
} as const;
const one: Conversation = { ...shown, ids: ['qemu/105'] };
const two: Conversation = { ...shown, ids: ['qemu/105', 'lxc/204'] };
const all: Conversation = { query: { dataset: 'guests' }, ids: ['qemu/101', 'qemu/105', 'lxc/204'] };
const snapshots: Conversation = { query: { dataset: 'snapshots' }, ids: ['snapshot/qemu/105/clean'] };
const made: Conversation = { order: { ...order, action: 'snapshot.create' }, ids: order.targets };
const pools: Conversation = {
  query: { dataset: 'pools', where: { op: 'compare', column: 'pool', is: '=', value: 'prod' } },
  ids: ['pool/prod'],
};

const spoken: readonly (readonly [before: Conversation, say: string, means: string])[] = [
  [one, 'which node is it on', 'nodes where guest_ids = qemu/105'],
  [two, 'which nodes are they on?', 'nodes where guest_ids in [qemu/105, lxc/204]'],
  [one, 'on which node does it run?', 'nodes where guest_ids = qemu/105'],
  [one, 'what pool is it in?', 'pools where guest_ids = qemu/105'],
  [one, 'which backup jobs cover it?', 'backup-jobs where guest_ids = qemu/105'],
  [{}, 'which node is it on', 'What does “it” stand for?'],
  [pools, 'only the containers', 'guests where pool in [prod] and type = lxc'],
  [two, 'start it', 'may be any of the 2'],
  [two, 'start that VM', 'guest.start qemu/105'],
  [two, 'start both', 'guest.start qemu/105,lxc/204'],
  [two, 'start them', 'guest.start qemu/105,lxc/204'],
  [all, 'stop them', 'That would hit all'],
  [snapshots, 'delete it', 'or what that belongs to'],
  [snapshots, 'delete the first one', 'or what that belongs to'],
  [snapshots, 'delete the VM', 'guest.delete qemu/105'],
  [made, 'delete it', 'or what that belongs to'],
  [stopped, 'delete it', 'guest.delete qemu/105'],
  [all, 'snapshot them', 'snapshot.create qemu/101,qemu/105,lxc/204'],
];

test.each(spoken)('after %j, “%s”', (before, say, means) => {
  expect(textOf(language.understand(say, before, exampleInventory))).toContain(means);
});

test('a yes takes the only option of a question back', () => {
  const options = [{ label: 'web-01', say: 'show web-01' }];
  expect(textOf(language.understand('yes', { options }, exampleInventory))).toContain('qemu/101');
});
