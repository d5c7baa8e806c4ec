import { urlDecoded } from '@pxa/pve/percent';
import { asText } from '@pxa/pve/values';
import { action, already, type GuestNow, type Planned, type Planning, refused, type Refusal } from '../kit/index.ts';
import { keysInside, writeKeys } from './authorized-keys.ts';
import { hasDrive, sshKeyRefusals, sshKeysText } from './cloud-init.ts';
import { setConfig } from './set-config.ts';

/** The keys that cloud-init is to give to its user. */
function keysOf({ config }: GuestNow): string[] {
  const text = urlDecoded(String(config['sshkeys'] ?? '')).trim();
  return text === '' ? [] : text.split('\n').map((line) => line.trim());
}

function setKeys(guest: GuestNow, keys: readonly string[], says: string, more: string[]): Planned {
  return setConfig(
    guest,
    { sshkeys: keys.length === 0 ? null : sshKeysText(keys) },
    {
      says,
      warnings: [
        ...more,
        ...(guest.status === 'stopped' ? [] : [`${guest.title} takes it from cloud-init at its next start.`]),
      ],
      show: (_key, value) => keysText(urlDecoded(String(value)).trim().split('\n').length),
    },
  );
}

const keysText = (count: number): string => `${count} ${count === 1 ? 'key' : 'keys'}`;

/** The keys are cloud-init's to write: it does so at the next start. */
function byCloudInit(guest: GuestNow, key: string, user: string | undefined): Planned {
  const keys = keysOf(guest);
  if (keys.includes(key)) return already(`${guest.title} has that key already.`);
  const own = asText(guest.config['ciuser']) ?? undefined;
  const other = user !== undefined && user !== own;
  const told = other ? [`Cloud-init gives it to ${own ?? 'the usual user of its image'}, not to ${user}.`] : [];
  return setKeys(guest, [...keys, key], `Add an SSH key to the cloud-init data of ${guest.title}`, told);
}

/** The file with the key appended, written by the agent that runs inside. */
async function byAgent(planning: Planning, guest: GuestNow, key: string, user: string): Promise<Planned> {
  const found = await keysInside(planning, guest, user);
  if ('kind' in found) return found;
  const { path, content: before, isMissing } = found;
  if (before.split('\n').some((line) => line.trim() === key))
    return already(`${user} of ${guest.title} has that key already.`);
  return writeKeys(guest, found, {
    content: `${before === '' || before.endsWith('\n') ? before : `${before}\n`}${key}\n`,
    says: `Add an SSH key to ${path} of ${guest.title}`,
    warnings: [
      `The guest agent writes it as root: ${user === 'root' ? 'root' : `whoever has ${user}'s key`} can then log in over SSH.`,
      ...(isMissing
        ? [
            `${path} is not there yet: its folder must be, and SSH wants it to belong to ${user} and to be closed to others (chmod 600).`,
          ]
        : []),
    ],
    undo: { action: 'guest.remove_ssh_key', input: { line: key, user } },
  });
}

/** A key's own part and its name, behind what a line may allow it. */
const inLine = (line: string): readonly string[] =>
  /(?:^| )((?:ssh|ecdsa|sk)-\S+ (\S+))(?: (.+))?$/.exec(line.trim())?.slice(1) ?? [];

/** Whether a line holds the key that was said: all of it, without its name, its own part, or its name. */
const isKey = (line: string, said: string): boolean => line.trim() === said || inLine(line).includes(said);

/** The one line of several that is meant. */
function lineOf(lines: readonly string[], said: string, where: string): string | Refusal {
  const fit = lines.filter((line) => line.trim() !== '' && !line.trim().startsWith('#') && isKey(line, said));
  const [line, ...more] = fit;
  const named = lines.flatMap((each) => inLine(each)[2] ?? []).join(', ');
  if (line === undefined) return { why: `${where} has no such key.`, next: `Those with a name: ${named || 'none'}.` };
  if (more.length === 0) return line;
  return { why: `${where} has ${fit.length} keys of that name.`, next: 'Give the whole key in quotes.' };
}

async function removeKey(
  planning: Planning,
  guest: GuestNow,
  said: string,
  user: string | undefined,
): Promise<Planned> {
  if (hasDrive(guest) && user === undefined) {
    const keys = keysOf(guest);
    const line = lineOf(keys, said, `The cloud-init data of ${guest.title}`);
    if (typeof line !== 'string') return refused(line);
    const told = 'Cloud-init takes no key out that it has written: say “for user USER” for the file inside.';
    const rest = keys.filter((key) => key !== line);
    return setKeys(guest, rest, `Take an SSH key out of the cloud-init data of ${guest.title}`, [told]);
  }
  const of = user ?? 'root';
  const found = await keysInside(planning, guest, of);
  if ('kind' in found) return found;
  const lines = found.content.split('\n');
  const line = lineOf(lines, said, `${found.path} of ${guest.title}`);
  if (typeof line !== 'string') return refused(line);
  return writeKeys(guest, found, {
    content: lines.filter((each) => each !== line).join('\n'),
    says: `Take an SSH key out of ${found.path} of ${guest.title}`,
    warnings: [`Whoever logs in as ${of} by that key alone cannot any more.`],
    undo: { action: 'guest.ssh_key', input: { line: line.trim(), user: of } },
  });
}

/** A container is given keys when it is made, and never after that. */
function inContainer({ vmid, node }: GuestNow): Planned {
  const command = `pct enter ${vmid}`;
  const why = 'Proxmox’s API gives a container keys only when it is made.';
  return refused({ why, next: `On ${node}, “${command}” leads inside: change ~/.ssh/authorized_keys there.` });
}

const nouns = '(ssh key|key|ssh public key|public key|sshkey)';
const user = { kind: 'word', say: ['(for|as|of) user {}', '(for|as) {}', 'user {}'] } as const;

export const sshKey = action({
  id: 'guest.ssh_key',
  verb: 'add an SSH key to',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    `(add|install|put|set|inject|deploy) ${nouns} {line} (to|on|of|for|in|into) {on} {*}`,
    `(add|install|put|set|inject|deploy) ${nouns} {line} for [user] {user} (to|on|of|in|into) {on}`,
    '(add|install|put|set|inject) {line} to {on} ssh keys',
  ],
  input: {
    line: { kind: 'text', say: [], ask: 'Which key? Paste the public key in quotes.' },
    user,
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const key = (input.line ?? '').trim();
    const wrong = sshKeyRefusals(key);
    if (wrong.length > 0) return refused(...wrong);
    if (guest.type === 'lxc') return inContainer(guest);
    if (hasDrive(guest)) return byCloudInit(guest, key, input.user);
    return byAgent(planning, guest, key, input.user ?? 'root');
  },
  examples: [
    {
      say: 'add the ssh key "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample ops@example" to debian-12-cloud',
      sends: ['PUT /nodes/pve-node01/qemu/9001/config'],
    },
    {
      say: 'install the ssh key "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample ops@example" in app-server-prod for user root',
      sends: ['POST /nodes/pve-node01/qemu/101/agent/file-write file=/root/.ssh/authorized_keys'],
    },
    {
      say: 'install the ssh key "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample ops@example" in build-agent',
      sends: 'clarification',
    },
    {
      say: 'install the ssh key "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample ops@example" in nginx-proxy',
      sends: 'clarification',
    },
    { say: 'add the ssh key "hello" to debian-12-cloud', sends: 'clarification' },
  ],
});

export const removeSshKey = action({
  id: 'guest.remove_ssh_key',
  verb: 'take an SSH key out of',
  risk: 'disruptive',
  on: { dataset: 'guests', templates: true },
  say: [
    `(remove|delete|revoke|take) ${nouns} {line} (from|of|on|out of|in) {on} {*}`,
    `(remove|delete|revoke) ${nouns} {line} for [user] {user} (from|of|on|in) {on}`,
  ],
  input: {
    line: { kind: 'word', say: [], ask: 'Which key? Give the name at its end, or the whole key in quotes.' },
    user,
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    return guest.type === 'lxc'
      ? inContainer(guest)
      : removeKey(planning, guest, (input.line ?? '').trim(), input.user);
  },
  examples: [
    { say: 'remove the ssh key ops@example from app-server-prod', sends: 'clarification' },
    {
      say: 'revoke ssh key "ssh-ed25519 AAAAC3Nza ops@example" for user deploy on app-server-prod',
      sends: 'clarification',
    },
    { say: 'remove the ssh key ops@example from nginx-proxy', sends: 'clarification' },
  ],
});

/** All keys at once: for programs, which know the whole list. It has no words of its own. */
export const setSshKeys = action({
  id: 'guest.ssh_keys',
  verb: 'set the SSH keys of',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [],
  input: { keys: { kind: 'words', say: [] } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const keys = (input.keys ?? []).map((key) => key.trim());
    const about = { input: 'keys', reason: 'not_acceptable' } as const;
    const wrong = keys.flatMap((key) => sshKeyRefusals(key, 'keys')).slice(0, 1);
    if (wrong.length > 0) return refused(...wrong);
    if (guest.type === 'lxc') {
      const why = 'Proxmox’s API gives a container keys only when it is made.';
      return refused({ why, next: 'Change ~/.ssh/authorized_keys inside.', ...about });
    }
    if (!hasDrive(guest)) {
      const why = `${guest.title} has no cloud-init drive: nothing would give it these keys.`;
      return refused({ why, next: 'Put them in from inside.', ...about });
    }
    const same = keysOf(guest).join('\n') === keys.join('\n');
    if (same) return already(`${guest.title} has these keys already.`);
    return setKeys(guest, keys, `Set the SSH keys in the cloud-init data of ${guest.title}`, [
      'Cloud-init takes no key out that it has written.',
    ]);
  },
  examples: [],
});
