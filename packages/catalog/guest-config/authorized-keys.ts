import { agentEnabled } from '@pxa/pve/property-string';
import { asNumber, asObject, asText } from '@pxa/pve/values';
import {
  call,
  factAt,
  type GuestNow,
  notRunning,
  piece,
  type Planned,
  type Planning,
  refused,
  type Refusal,
  statusFact,
} from '../kit/index.ts';

/** The file of a user's keys inside a VM, as its agent reads it now. */
export interface AuthorizedKeys {
  readonly path: string;
  readonly user: string;
  /** Empty where it is not there. */
  readonly content: string;
  readonly isMissing: boolean;
}

/** What the agent takes at a time (qemu-server API2/Qemu/Agent.pm, file-write). */
const MOST_BYTES = 60 * 1024;

/** Where a user's keys are read from in Linux; nothing tells of a home that is elsewhere. */
const fileOf = (user: string): string => `${user === 'root' ? '/root' : `/home/${user}`}/.ssh/authorized_keys`;

function agentRefusals(guest: GuestNow, user: string): Refusal[] {
  const { title, vmid } = guest;
  if (!/^[a-z_][a-z0-9_.-]{0,31}$/.test(user)) return [{ why: `“${user}” is no user.`, next: 'Name another.' }];
  if (/^w(in|xp|2k|vista)/.test(String(guest.config['ostype'] ?? ''))) {
    const why = `${title} runs Windows: where its keys are kept cannot be told.`;
    return [{ why, next: 'Put the key in, or take it out, from inside.' }];
  }
  if (agentEnabled(String(guest.config['agent'] ?? ''))) return notRunning(guest);
  const say = `enable the guest agent of ${vmid}`;
  const why = `${title} has no cloud-init drive and no guest agent: nothing inside can be given a key.`;
  return [{ why, next: `Install qemu-guest-agent inside and say “${say}”; or change the keys by hand.`, say }];
}

/** A user's keys, through the agent that runs inside; or why they cannot be changed that way. */
export async function keysInside(
  planning: Planning,
  guest: GuestNow,
  user: string,
): Promise<AuthorizedKeys | Extract<Planned, { kind: 'refused' }>> {
  const wrong = agentRefusals(guest, user);
  if (wrong.length > 0) return { kind: 'refused', refusals: wrong };
  const at = { node: guest.node, vmid: guest.vmid };
  const agent = await planning.read('/nodes/{node}/qemu/{vmid}/agent/info', at);
  const refuse = (why: string, next: string): Extract<Planned, { kind: 'refused' }> => ({
    kind: 'refused',
    refusals: [{ why, next }],
  });
  if (!agent.ok) return refuse(`The guest agent of ${guest.title} does not answer: ${agent.why}`, agent.nextStep);
  const path = fileOf(user);
  const got = await planning.read('/nodes/{node}/qemu/{vmid}/agent/file-read', { ...at, file: path });
  const isMissing = !got.ok && /no such file/i.test(got.why);
  if (!got.ok && !isMissing) return refuse(`${path} of ${guest.title} could not be read: ${got.why}`, got.nextStep);
  const read = got.ok ? asObject(got.data) : null;
  if (asNumber(read?.['truncated']) === 1)
    return refuse(`${path} of ${guest.title} is too long to be read whole.`, 'Change it from inside.');
  return { path, user, content: asText(read?.['content']) ?? '', isMissing };
}

/** The file with other lines, written by the agent. It is to be as it was read until then. */
export function writeKeys(
  guest: GuestNow,
  { path, content: before, isMissing }: AuthorizedKeys,
  of: {
    content: string;
    says: string;
    warnings: string[];
    undo?: { action: string; input: Readonly<Record<string, unknown>> };
  },
): Planned {
  const { content, says, warnings, undo } = of;
  if (Buffer.byteLength(content) > MOST_BYTES) {
    const why = `${path} of ${guest.title} would be longer than the guest agent takes at a time.`;
    return refused({ why, next: 'Change it from inside.' });
  }
  const at = { node: guest.node, vmid: guest.vmid };
  const contentIs = (is: string): ReturnType<typeof factAt> =>
    factAt(`${path} of ${guest.title}`, `/nodes/${guest.node}/${guest.id}/agent/file-read`, ['content'], is, {
      params: { file: path },
    });
  const back = call(
    'POST',
    '/nodes/{node}/qemu/{vmid}/agent/file-write',
    { ...at, file: path, content: before },
    `Write ${path} of ${guest.title} as it was`,
  );
  return piece({
    says,
    steps: [
      {
        ...call('POST', '/nodes/{node}/qemu/{vmid}/agent/file-write', { ...at, file: path, content }, says),
        node: guest.node,
        limitSeconds: 60,
        relies: [statusFact(guest, 'status', 'running'), ...(isMissing ? [] : [contentIs(before)])],
        expects: [contentIs(content)],
        ...(isMissing ? {} : { undo: [back] }),
      },
    ],
    warnings,
    changes: [{ about: guest.title, key: path, before: linesText(before), after: linesText(content) }],
    ...(undo === undefined ? {} : { undo }),
  });
}

function linesText(text: string): string {
  const count = text.split('\n').filter((line) => line.trim() !== '').length;
  return `${count} ${count === 1 ? 'line' : 'lines'}`;
}
