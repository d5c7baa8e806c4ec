import { asObject, asText } from '@pxa/pve/values';
import {
  action,
  already,
  call,
  factAt,
  type GuestNow,
  notRunning,
  piece,
  type Planned,
  type Planning,
  refused,
  statusFact,
} from '../kit/index.ts';
import { agentEnabled } from '@pxa/pve/property-string';
import { hasDrive, sshKeyRefusals, sshKeysText } from './cloud-init.ts';
import { setConfig } from './set-config.ts';

/** The keys are cloud-init's to write: it does so at the next start. */
function byCloudInit(guest: GuestNow, key: string, user: string | undefined): Planned {
  const before = decodeURIComponent(String(guest.config['sshkeys'] ?? '')).trim();
  const keys = before === '' ? [] : before.split('\n');
  const says = `Add an SSH key to the cloud-init data of ${guest.title}`;
  if (keys.includes(key)) return already(`${guest.title} has that key already.`);
  const own = asText(guest.config['ciuser']) ?? undefined;
  const other = user !== undefined && user !== own;
  return setConfig(
    guest,
    { sshkeys: sshKeysText([...keys, key]) },
    {
      says,
      warnings: [
        ...(other ? [`Cloud-init gives it to ${own ?? 'the usual user of its image'}, not to ${user}.`] : []),
        ...(guest.status === 'stopped' ? [] : [`${guest.title} takes it from cloud-init at its next start.`]),
      ],
      show: (_key, value) => `${decodeURIComponent(String(value)).trim().split('\n').length} keys`,
    },
  );
}

/** Where a user's keys are read from in Linux; nothing tells of a home that is elsewhere. */
const fileOf = (user: string): string => `${user === 'root' ? '/root' : `/home/${user}`}/.ssh/authorized_keys`;

function agentRefusals(guest: GuestNow, user: string): Planned | undefined {
  const { title, vmid } = guest;
  if (!/^[a-z_][a-z0-9_.-]{0,31}$/.test(user)) return refused({ why: `“${user}” is no user.`, next: 'Name another.' });
  if (/^w(in|xp|2k|vista)/.test(String(guest.config['ostype'] ?? '')))
    return refused({
      why: `${title} runs Windows: where its keys are kept cannot be told.`,
      next: 'Put the key in from inside.',
    });
  if (agentEnabled(String(guest.config['agent'] ?? ''))) {
    const [isOff] = notRunning(guest);
    return isOff === undefined ? undefined : refused(isOff);
  }
  const say = `enable the guest agent of ${vmid}`;
  const why = `${title} has no cloud-init drive and no guest agent: nothing inside can be given a key.`;
  return refused({ why, next: `Install qemu-guest-agent inside and say “${say}”; or put the key in by hand.`, say });
}

/** The file with the key appended, written by the agent that runs inside. */
async function byAgent(planning: Planning, guest: GuestNow, key: string, user: string): Promise<Planned> {
  const wrong = agentRefusals(guest, user);
  if (wrong !== undefined) return wrong;
  const at = { node: guest.node, vmid: guest.vmid };
  const agent = await planning.read('/nodes/{node}/qemu/{vmid}/agent/info', at);
  if (!agent.ok)
    return refused({ why: `The guest agent of ${guest.title} does not answer: ${agent.why}`, next: agent.nextStep });
  const file = fileOf(user);
  const got = await planning.read('/nodes/{node}/qemu/{vmid}/agent/file-read', { ...at, file });
  const isMissing = !got.ok && /no such file/i.test(got.why);
  if (!got.ok && !isMissing)
    return refused({ why: `${file} of ${guest.title} could not be read: ${got.why}`, next: got.nextStep });
  const before = got.ok ? (asText(asObject(got.data)?.['content']) ?? '') : '';
  if (before.split('\n').some((line) => line.trim() === key))
    return already(`${user} of ${guest.title} has that key already.`);
  const content = `${before === '' || before.endsWith('\n') ? before : `${before}\n`}${key}\n`;
  const says = `Add an SSH key to ${file} of ${guest.title}`;
  const contentIs = (is: string): ReturnType<typeof factAt> =>
    factAt(`${file} of ${guest.title}`, `/nodes/${guest.node}/${guest.id}/agent/file-read`, ['content'], is, {
      params: { file },
    });
  return piece({
    says,
    steps: [
      {
        ...call('POST', '/nodes/{node}/qemu/{vmid}/agent/file-write', { ...at, file, content }, says),
        node: guest.node,
        limitSeconds: 60,
        relies: [statusFact(guest, 'status', 'running'), ...(isMissing ? [] : [contentIs(before)])],
        expects: [contentIs(content)],
      },
    ],
    warnings: [
      `The guest agent writes it as root: ${user === 'root' ? 'root' : `whoever has ${user}'s key`} can then log in over SSH.`,
      ...(isMissing
        ? [
            `${file} is not there yet: its folder must be, and SSH wants it to belong to ${user} and to be closed to others (chmod 600).`,
          ]
        : []),
    ],
    changes: [{ about: guest.title, key: file, before: linesText(before), after: linesText(content) }],
  });
}

function linesText(text: string): string {
  const count = text.split('\n').filter((line) => line.trim() !== '').length;
  return `${count} ${count === 1 ? 'line' : 'lines'}`;
}

const nouns = '(ssh key|key|ssh public key|public key|sshkey)';

export const sshKey = action({
  id: 'guest.ssh_key',
  verb: 'add an SSH key to',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    `(add|install|put|set|inject|deploy) ${nouns} {key} (to|on|of|for|in|into) {on} {*}`,
    `(add|install|put|set|inject|deploy) ${nouns} {key} for [user] {user} (to|on|of|in|into) {on}`,
    '(add|install|put|set|inject) {key} to {on} ssh keys',
  ],
  input: {
    key: { kind: 'text', say: [], ask: 'Which key? Paste the public key in quotes.' },
    user: { kind: 'word', say: ['(for|as) [user] {}', 'user {}'] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const key = (input.key ?? '').trim();
    const wrong = sshKeyRefusals(key);
    if (wrong.length > 0) return refused(...wrong);
    if (guest.type === 'lxc') {
      const command = `pct enter ${guest.vmid}`;
      const why = 'Proxmox’s API gives a container keys only when it is made.';
      return refused({
        why,
        next: `On ${guest.node}, “${command}” leads inside: add the key to ~/.ssh/authorized_keys there.`,
      });
    }
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
