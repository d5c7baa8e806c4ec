import { parseTags, storedTags } from '@pxa/pve/tags';
import { action, type GuestNow, type Planned, refused } from '../kit/index.ts';
import { takenName } from '../guests/namesakes.ts';
import { setConfig } from './set-config.ts';
import { tagRefusals } from './tag-names.ts';
import { setTo } from './wording.ts';

/** A DNS name, as Proxmox takes names of guests (pve-common JSONSchema.pm, dns-name). */
export const dnsName =
  /^(?=.{1,253}$)[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

export const rename = action({
  id: 'guest.rename',
  verb: 'rename',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: ['rename {on} (to|as|into) {name}', 'call {on} {name}', ...setTo('(name|hostname|host name)', '{name}')],
  input: {
    name: { kind: 'name', say: [], ask: 'What is it to be called?' },
    /** Not another guest's name; Proxmox itself would not mind. */
    unique: { kind: 'flag', say: [], byPrograms: true },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const name = input.name ?? '';
    if (!dnsName.test(name)) {
      const why = `“${name}” is no name that Proxmox takes: letters, digits, hyphens and dots.`;
      return refused({ why, next: 'Choose another name.', input: 'name', reason: 'not_acceptable' });
    }
    const taken = input.unique === true && name !== guest.name ? await takenName(planning, input) : [];
    if (taken.length > 0) return refused(...taken);
    const key = guest.type === 'qemu' ? 'name' : 'hostname';
    return setConfig(guest, { [key]: name }, { says: `Rename ${guest.title} to ${name}` });
  },
  examples: [
    {
      say: 'rename build-agent to ci-runner-01',
      sends: ['PUT /nodes/pve-node02/qemu/104/config name=ci-runner-01'],
    },
    {
      say: 'change the name of nginx-proxy to edge-proxy',
      sends: ['PUT /nodes/pve-node01/lxc/200/config hostname=edge-proxy'],
    },
    { say: 'rename 104 to bad_name', sends: 'clarification' },
  ],
});

export const describe = action({
  id: 'guest.describe',
  verb: 'change the notes of',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [...setTo('(description|notes|note|comment)', '{text}'), '(describe|annotate) {on} (as|with) {text}'],
  input: { text: { kind: 'text', say: [], ask: 'What are its notes to say?' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    // Without notes there is no key; of lines that hold nothing, Proxmox keeps none.
    const text = input.text === undefined || input.text.trim() === '' ? null : input.text;
    return setConfig(guest, { description: text }, { says: `Set the notes of ${guest.title}` });
  },
  examples: [
    {
      say: 'set the description of build-agent to "builds at night"',
      sends: ["PUT /nodes/pve-node02/qemu/104/config description='builds at night'"],
    },
    {
      say: 'set the notes of nginx-proxy to "front door"',
      sends: ["PUT /nodes/pve-node01/lxc/200/config description='front door'"],
    },
    {
      say: 'change the description of app-server-prod to "shop"',
      sends: ['PUT /nodes/pve-node01/qemu/101/config description=shop'],
    },
  ],
});

const tagsOf = (guest: GuestNow): string[] => parseTags(String(guest.config['tags'] ?? ''));

/** The tags as they are to be; the last tag that goes takes the key with it. */
function setTags(guest: GuestNow, tags: readonly string[], says: string): Planned {
  const wrong = tagRefusals(tags);
  if (wrong.length > 0) return refused(...wrong);
  return setConfig(guest, { tags: tags.length === 0 ? null : storedTags(tags.join(';')) }, { says });
}

export const tag = action({
  id: 'guest.tag',
  verb: 'tag',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    '(tag|label) {on} [with|as] {tags}',
    '(add|put|set|attach) (tag|tags|label|labels) {tags} (to|on) {on}',
    '(add|put|attach) {tags} (tag|tags) (to|on) {on}',
    'give {on} (tag|tags|label) {tags}',
  ],
  input: { tags: { kind: 'words', say: [], ask: 'Which tag?' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const tags = input.tags ?? [];
    return setTags(
      guest,
      [...new Set([...tagsOf(guest), ...tags.map((each) => each.toLowerCase())])],
      `Tag ${guest.title} with ${tags.join(', ')}`,
    );
  },
  examples: [
    { say: 'tag build-agent with night', sends: ['PUT /nodes/pve-node02/qemu/104/config'] },
    {
      say: 'add the tags night and spare to dev-sandbox',
      sends: ['PUT /nodes/pve-node02/lxc/203/config tags=env-development;night;spare'],
    },
    { say: 'tag build-agent with ci', sends: 'answer' },
  ],
});

export const setAllTags = action({
  id: 'guest.tags',
  verb: 'set the tags of',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    '(change|replace) (tags|labels) (of|for|on) {on} (to|by|with) {tags}',
    '(change|replace) {on} (tags|labels) (to|by|with) {tags}',
  ],
  input: { tags: { kind: 'words', say: [], ask: 'Which tags?' } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const { tags = [] } = input;
    const says = `Set the tags of ${guest.title} to ${tags.join(', ') || 'none'}`;
    return setTags(guest, [...new Set(tags.map((each) => each.toLowerCase()))], says);
  },
  examples: [
    {
      say: 'change the tags of build-agent to ci and night',
      sends: ['PUT /nodes/pve-node02/qemu/104/config tags=ci;night'],
    },
    {
      say: 'replace the tags of dev-sandbox with spare',
      sends: ['PUT /nodes/pve-node02/lxc/203/config tags=spare'],
    },
    { say: 'change the tags of build-agent to ci and env-development', sends: 'answer' },
  ],
});

export const untag = action({
  id: 'guest.untag',
  verb: 'remove a tag of',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    '(remove|delete|drop|clear) {all} (tag|tags|label|labels) (from|of|off|on) {on}',
    '(remove|delete|drop|take) (tag|tags|label|labels) {tags} (from|of|off) {on}',
    '(remove|delete|drop|take) {tags} (tag|tags|label) (from|of|off) {on}',
    '(untag|unlabel) {on} {tags}',
  ],
  input: { tags: { kind: 'words', say: [] }, all: { kind: 'choice', say: [], values: { all: 'all|all the|every' } } },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    if (input.all !== undefined) return setTags(guest, [], `Take all tags off ${guest.title}`);
    if (input.tags === undefined) return { kind: 'ask', question: 'Which tag?', options: [] };
    const gone = new Set((input.tags ?? []).map((each) => each.toLowerCase()));
    const left = tagsOf(guest).filter((each) => !gone.has(each.toLowerCase()));
    return setTags(guest, left, `Take the tag ${[...gone].join(', ')} off ${guest.title}`);
  },
  examples: [
    {
      say: 'remove the tag env-development from build-agent',
      sends: ['PUT /nodes/pve-node02/qemu/104/config tags=ci'],
    },
    { say: 'remove the tag nothing from build-agent', sends: 'answer' },
    {
      say: 'remove the tag ci from build-agent',
      sends: ['PUT /nodes/pve-node02/qemu/104/config tags=env-development'],
    },
  ],
});
