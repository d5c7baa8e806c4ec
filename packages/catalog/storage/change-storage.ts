import { action, already, type Planned, type Refusal, refused, unknownNodes } from '../kit/index.ts';
import { contentInput, contentRefusals, contentSaid, contentTexts } from './content-words.ts';
import { change } from './definition-change.ts';
import { definitionCalled, definitionFact, type DefinitionNow, definitionNow } from './definition-now.ts';
import { guestsOn } from './lies-on.ts';

const onStorage = { dataset: 'storage' } as const;

export const enableStorage = action({
  id: 'storage.enable',
  verb: 'enable the storage',
  risk: 'change',
  say: [
    '(enable|activate|turn on|switch on) (storage|datastore) {storage}',
    '(turn|switch) (storage|datastore) {storage} on',
  ],
  // A storage that is off is not among those that an order can be about: its name is read as it was said.
  input: { storage: { kind: 'text', say: [] } },
  async plan(planning, { input }): Promise<Planned> {
    const of = await definitionCalled(planning, input.storage ?? '');
    if (of.enabled) return already(`Storage ${of.id} is enabled.`);
    const is = definitionFact(of.id, 'disable', 1, 'not');
    return change(planning, of, {
      key: 'disable',
      before: 'no',
      after: 'yes',
      sent: { disable: false },
      is,
    });
  },
  examples: [
    { say: 'enable storage nfs-backup', sends: 'answer' },
    { say: 'activate the storage local-zfs', sends: 'answer' },
    { say: 'enable storage nothing', sends: 'clarification' },
  ],
});

export const disableStorage = action({
  id: 'storage.disable',
  verb: 'disable the storage',
  risk: 'disruptive',
  on: onStorage,
  say: [
    '(disable|deactivate|turn off|switch off) (storage|datastore) {on}',
    '(turn|switch) (storage|datastore) {on} off',
  ],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const of = await definitionNow(planning, target);
    if (!of.enabled) return already(`Storage ${of.id} is disabled.`);
    const guests = await guestsOn(planning, of);
    return change(planning, of, {
      key: 'disable',
      before: 'yes',
      after: 'no',
      sent: { disable: true },
      is: definitionFact(of.id, 'disable', 1),
      warnings: [
        ...(guests.length === 0
          ? []
          : [`Guests that lie on it go on running, but cannot be started, backed up or moved: ${guests.join(', ')}.`]),
        'Nothing on it is deleted.',
      ],
      undo: { action: 'storage.enable', input: { storage: of.id } },
    });
  },
  examples: [
    { say: 'disable storage nfs-backup', sends: ['PUT /storage/nfs-backup disable=1'] },
    { say: 'turn off storage backup-pool', sends: ['PUT /storage/backup-pool disable=1'] },
    { say: 'disable the storage nothing', sends: 'clarification' },
  ],
});

export const setContent = action({
  id: 'storage.content',
  verb: 'change what may lie on the storage',
  risk: 'change',
  on: onStorage,
  say: [
    '(set|change) (content|contents|content type) (of|for) [storage] {on} to {+}',
    '(let|make) [storage] {on} (hold|store|take|accept|allow|keep) [only] {+}',
    '{more} {+} on storage {on}',
    'use storage {on} {+}',
  ],
  input: {
    more: {
      kind: 'choice',
      say: [],
      values: { add: 'allow|permit|enable', take: 'disallow|forbid|no longer allow|stop allowing' },
    },
    also: { kind: 'flag', say: ['as well', 'too', 'in addition'] },
    ...contentInput,
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const of = await definitionNow(planning, target);
    const said = contentSaid(input);
    const { more = input.also === true ? 'add' : undefined } = input;
    const content =
      more === 'take'
        ? of.content.filter((each) => !said.includes(each))
        : [...new Set([...(more === 'add' ? of.content : []), ...said])];
    const wrong = contentRefusals(
      of.type,
      content.filter((each) => !of.content.includes(each)),
    );
    if (wrong.length > 0) return refused(...wrong);
    const gone = of.content.filter((each) => !content.includes(each));
    if (gone.length === 0 && content.length === of.content.length)
      return already(`Storage ${of.id} holds ${contentTexts(of.content)}.`);
    if (content.length === 0) return refused(nothingLeft(of));
    const sent = content.join(',');
    return change(planning, of, {
      key: 'content',
      before: of.content.join(', '),
      after: content.join(', '),
      sent: { content: sent },
      is: definitionFact(of.id, 'content', sent),
      warnings:
        gone.length === 0
          ? []
          : [`What lies there of ${contentTexts(gone)} stays, but is not listed and cannot be used any more.`],
    });
  },
  examples: [
    {
      say: 'set the content of storage local to backups, iso images and snippets',
      sends: ['PUT /storage/local content=iso,backup,snippets'],
    },
    { say: 'allow snippets on storage local', sends: ['PUT /storage/local content=backup,iso,vztmpl,snippets'] },
    { say: 'let local-zfs hold backups', sends: 'clarification' },
    { say: 'allow backups on storage nfs-backup', sends: 'answer' },
  ],
});

function nothingLeft({ id }: DefinitionNow): Refusal {
  const say = `disable storage ${id}`;
  return {
    input: 'content',
    reason: 'required',
    why: `Storage ${id} could hold nothing any more.`,
    next: `Disable it instead: “${say}”.`,
    say,
  };
}

export const setNodes = action({
  id: 'storage.nodes',
  verb: 'change the nodes of the storage',
  risk: 'disruptive',
  on: onStorage,
  say: [
    '(limit|restrict) [storage] {on} to [node|nodes] {nodes}',
    '(make|let) [storage] {on} [be] (available|usable) [only] (on|to) [node|nodes] {nodes}',
    '(make|let) [storage] {on} [be] (available|usable) (on|to) {everywhere}',
    '(set|change) (node|nodes) (of|for) storage {on} to {nodes}',
  ],
  input: {
    nodes: { kind: 'words', say: [] },
    everywhere: { kind: 'choice', say: [], values: { all: 'all nodes|every node|everywhere' } },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const of = await definitionNow(planning, target);
    const nodes = input.everywhere === undefined ? [...new Set(input.nodes)] : [];
    const wrong = await unknownNodes(planning, nodes);
    if (wrong.length > 0) return refused(...wrong);
    const text = (list: readonly string[]): string => (list.length === 0 ? 'all nodes' : list.join(', '));
    if (text(nodes.toSorted()) === text(of.nodes.toSorted()))
      return already(`Storage ${of.id} is available on ${text(nodes)}.`);
    const guests = nodes.length === 0 ? [] : await guestsOn(planning, of, nodes);
    if (guests.length > 0)
      return refused({
        why: `On nodes that would lose ${of.id} there are guests that lie on it: ${guests.join(', ')}.`,
        next: 'Move their disks, or the guests, first.',
      });
    return change(planning, of, {
      key: 'nodes',
      before: text(of.nodes),
      after: text(nodes),
      sent: nodes.length === 0 ? { delete: 'nodes' } : { nodes: nodes.join(',') },
      is: definitionFact(of.id, 'nodes', nodes.length === 0 ? null : nodes.join(',')),
      warnings:
        nodes.length === 0 && !of.shared
          ? [`On the other nodes, ${of.id} must be there by itself: Proxmox makes none.`]
          : [],
    });
  },
  examples: [
    {
      say: 'restrict storage nfs-backup to nodes pve-node01 and pve-node02',
      sends: ['PUT /storage/nfs-backup nodes=pve-node01,pve-node02'],
    },
    { say: 'make storage backup-pool available on all nodes', sends: ['PUT /storage/backup-pool delete=nodes'] },
    { say: 'restrict storage local-zfs to pve-node01', sends: 'clarification' },
  ],
});
