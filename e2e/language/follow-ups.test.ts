import { datasets } from '@pxa/catalog';
import { type Query, queryText } from '@pxa/contract';
import { Language } from '@pxa/language';
import { expect, test } from 'vitest';
import { exampleInventory } from './inventory.ts';

const language = new Language([...datasets.values()]);

/** What the last sentence of a conversation means, each answered before the next is said. */
function lastMeaning(says: readonly string[]): Query | undefined {
  let query: Query | undefined;
  for (const say of says) {
    const meaning = language.understand(say, query === undefined ? {} : { query }, exampleInventory);
    query = meaning.kind === 'query' ? meaning.query : undefined;
  }
  return query;
}

/** A conversation; the heading of its last answer and the query that it means. */
const conversations: readonly (readonly [says: string, title: string, means: string])[] = [
  ['VMs with more than 2 cores / more than 4 then', 'VMs (more than 4)', 'maxcpu > 4'],
  [
    'VMs with more than 2 cores / only the running ones / sort by memory',
    'VMs (more than 2 cores, running)',
    'maxcpu > 2 and not (template = true) and state = running by mem desc',
  ],
  ['how many guests have a snapshot? / which ones?', 'Guests', 'guests where has snapshots and not (template = true)'],
  ['running VMs / and the containers?', 'Containers', 'state = running and not (template = true) and type = lxc'],
  ['VMs on pve-node01 / and on pve-node02?', 'VMs (pve-node02)', 'node = pve-node02'],
  [
    'VMs on pve-node01 / on pve-node03',
    'VMs (pve-node03)',
    'type = qemu and not (template = true) and node = pve-node03',
  ],
  ['VMs on pve-node01 / the ones on pve-node03', 'VMs (pve-node03)', 'type = qemu'],
  ['stopped guests / what is the number?', 'Stopped guests', 'state = stopped and not (template = true) give count'],
  [
    'memory allocated to VMs on pve-node03 / what is the total?',
    'VMs (pve-node03)',
    'node = pve-node03 and not (template = true) give sum(maxmem)',
  ],
  ['guests on pve-node02 / except the containers', 'Guests (pve-node02)', 'and type != lxc'],
  ['guests on pve-node02 / those that run', 'Guests (run)', 'state = running'],
  ['list the backup jobs / which one runs next?', 'Backup jobs', 'by next_run asc first 1'],
  ['VMs on pve-node01 / how many?', 'VMs (pve-node01)', 'node = pve-node01 and not (template = true) give count'],
  ['top 3 VMs by CPU / top 5 instead', 'VMs', 'by cpu desc first 5'],
  ['snapshots of web-01 / and its backups', 'Backups', 'backups where guest = qemu/101'],
  ['snapshots of web-01 / its disks', 'Guest disks', 'guest-disks where guest = qemu/101'],
  ['updates of pve-node01 / its services', 'System services', 'services where node = pve-node01'],
  ['failed tasks / why', 'Failed tasks', 'status = failed show exit'],
  ['is web-01 running? / since when', 'web-01', 'show uptime'],
];

test.each(conversations)('%s', (says, title, means) => {
  const query = lastMeaning(says.split(' / '));
  expect(query?.title).toBe(title);
  expect(query && queryText(query)).toContain(means);
});
