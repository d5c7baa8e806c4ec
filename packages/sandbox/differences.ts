import { allRoutes } from '@pxa/pve/facts';
import type { Behaviours } from './behaviour.ts';
import { FAULT_KINDS } from './fault-file.ts';

/** Where the sandbox lies on purpose, or knows less than the real thing. */
const LIES = [
  'The listening address stands for one node of the cluster; the others are reached through it, as through the real proxy. Programs that start the sandbox can give each node an address of its own.',
  "One process answers, side by side; pveproxy's three workers with 500 connections each are not imitated.",
  'Tickets are signed with a keyed hash of the length of the real RSA signature, and the signing key does not change every 24 hours.',
  'Only TOTP codes and recovery keys are second factors; WebAuthn, U2F and Yubico OTP are not.',
  'Realms other than `pam` and `pve` are listed, but log in nobody; a password is known for a user only where it was given at the start.',
  '`/api2/html` (the viewer for browsers), `/api2/png`, `/api2/spiceconfig`, websockets, consoles and the web interface are not offered.',
  'A connection with 63 header lines or more, or 8 KiB of headers, is cut at once; the real server lets it run into a time limit.',
  "The complaint about a broken JSON body carries no position and no line of Perl's source.",
  'Plain index routes list their children in alphabetical order; Perl gives them in its own.',
  'Built-in roles are those of 9.2, in 8.4 as well (there, `VM.Monitor` stands in place of the guest agent privileges).',
  'Changelogs are those that the world holds; a node that was read from a cluster has none, and says that they cannot be fetched.',
  'The log of a finished task whose lines are not part of the world holds its last line only.',
  'A VM is refused at its start where the memory that it will use is not free; a real node starts it and runs out later.',
  'Nothing migrates to another cluster.',
  'A backup that was there when the sandbox started holds what the world tells of it (`archives` of a node: volume id to configuration), else the configuration that its guest has now; where that guest is gone too, it cannot be restored.',
  'How much an archive packs is made up: of a disk whose use nobody has told, 60% is written, and packing leaves a third to a half of that.',
  'A replication job copies nothing: it takes the time that its last run took, replicas take no room on their target, and what it failed of before the sandbox started, it goes on failing of.',
  'Nothing is downloaded. A file has the size of one of the same name that the cluster has, else one that follows from its address; hosts under `.invalid` do not exist; a checksum holds if it has the right length and is not all zeros.',
  'An uploaded file is counted and hashed, and forgotten; whether it is what its name says is not looked at.',
  'A new storage on another machine has a size that is made up, unless another storage is on the same place; servers under `.invalid` are not there.',
  '`live-restore` restores first and starts the guest then.',
  'Copies, memory and archives move at fixed rates, whatever else goes on; `bwlimit` is taken and does not slow them down.',
  'What Proxmox draws at random for a guest (hardware addresses, UUIDs) follows from the seed and the time.',
  'What is started inside a guest through its agent ends after a second with code 0 and prints nothing; of its files, those exist that were written through the agent.',
  'Firewall rules are checked and kept, and stop nothing; interfaces that are applied show as active at once.',
  'A lost node is fenced by the clock: HA gives it a minute, and takes its services over after two. A guest whose disks were left behind on it does not start elsewhere.',
  'A node that is rebooted is back after a minute and a half; one that is shut down comes back when it is woken.',
  'Route and parameter tables are those of 9.2, in 8.4 as well.',
];

/** DIFFERENCES.md: what the sandbox does not do as Proxmox VE does, its faults, and the routes that answer 501. */
export function differencesText(behaviours: Behaviours): string {
  const routes = allRoutes();
  const missing = routes.filter((id) => !behaviours[id]);
  const [reads, writes] = [
    missing.filter((id) => id.startsWith('GET ')),
    missing.filter((id) => !id.startsWith('GET ')),
  ];
  return `# Where the sandbox differs from Proxmox VE

Written by \`npm run generate\` from the table of behaviours; a test holds it against them.

${list(LIES)}

## Faults

Named faults come from \`--faults FILE\` (a JSON list) or, where the control endpoint was switched on, at run time from
\`POST /sandbox/control/faults\` on the same machine. \`GET\` lists them, \`DELETE\` ends them.
\`POST /sandbox/control/clock\` with \`{"advance_s": 60}\` or \`{"rate": 10}\` moves the clock.

${faultTable()}

Each may also have \`method\`, \`path\` (\`*\` stands for one part, \`**\` for any number), \`node\`, \`times\` (on how many
requests it acts), \`after_s\` and \`for_s\` (when it begins and how long it acts, in seconds of the sandbox's clock).

## Modelled: ${routes.length - missing.length} of ${routes.length} routes

The others check login, privileges, node and parameters as the real server does, then answer 501 with
\`The sandbox does not model '…'.\`

### Reads that answer 501 (${reads.length})

${list(reads.map((id) => `\`${id}\``))}

### Changes that answer 501 (${writes.length})

${list(writes.map((id) => `\`${id}\``))}
`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function faultTable(): string {
  const rows = Object.entries(FAULT_KINDS).map(([name, { fields, does }]) => {
    const own = Object.entries(fields).map(([field, { required }]) => `\`${field}\`${required ? '' : '?'}`);
    return [`\`${name}\``, own.join(', ') || '–', does];
  });
  const cells = [['fault', 'fields', 'what happens'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], filler = ' '): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, filler)).join(' | ')} |`;
  return [line(cells[0] ?? []), line(['', '', ''], '-'), ...rows.map((row) => line(row))].join('\n');
}
