import type { Fact } from '@pxa/contract';
import { asText } from '@pxa/pve/values';
import {
  action,
  already,
  anyNode,
  call,
  factAt,
  needed,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  refused,
  type Refusal,
} from '../kit/index.ts';
import { isRefusal, namedFact, nameRefusals, namedNow, theNamed, usesOfNamed } from './named-things.ts';
import { isPlace } from './rule-words.ts';

/** More at once nobody reads. */
const MOST_ENTRIES = 50;

const entryFact = (name: string, cidr: string, isThere: boolean): Fact =>
  factAt(
    `${cidr} in IP set ${name}`,
    `/cluster/firewall/ipset/${name}`,
    [`[cidr=${cidr}]`, 'cidr'],
    isThere ? cidr : null,
  );

/** Entries are addresses, networks, and aliases. */
function entryRefusals(entries: readonly string[]): Refusal[] {
  if (entries.length > MOST_ENTRIES)
    return [{ why: `Those are ${entries.length} entries.`, next: `Name ${MOST_ENTRIES} at a time.` }];
  return entries
    .filter((each) => !isPlace(each) || each.startsWith('+'))
    .map((each) => ({
      why: `“${each}” is no address, network or alias.`,
      next: 'Say it as 10.0.0.5 or 10.0.0.0/8, several with commas.',
    }));
}

async function entriesOf(planning: Planning, name: string): Promise<string[]> {
  const rows = needed(await planning.list('/cluster/firewall/ipset/{name}', { name }), `IP set ${name}`);
  return rows.map(({ data }) => asText(data['cidr']) ?? '');
}

const add = (name: string, cidr: string, node: string): PieceStep => ({
  ...call('POST', '/cluster/firewall/ipset/{name}', { name, cidr }, `Add ${cidr} to IP set ${name}`),
  node,
  limitSeconds: 60,
  relies: [entryFact(name, cidr, false)],
  expects: [entryFact(name, cidr, true)],
  undo: [call('DELETE', '/cluster/firewall/ipset/{name}/{cidr}', { name, cidr }, `Take ${cidr} out of IP set ${name}`)],
});

const words = '(ip set|ipset|address set|ip list)';
const name = { kind: 'name', say: [] } as const;
const entries = {
  kind: 'words',
  say: ['(with|of|containing|holding|for) [addresses|networks|address|network|ips] {}'],
} as const;

/** Words before several, without which any list would do: "remove web-01 and web-02 from …" is about something else. */
const several = '(address|addresses|network|networks|ip|ips|alias|aliases|entry|entries)';
const entriesInput = {
  name,
  entry: { kind: 'address', say: [] },
  entries: { kind: 'words', say: [] },
} as const;

const wantedOf = ({ entry, entries: list = [] }: { entry?: string; entries?: readonly string[] }): readonly string[] =>
  entry === undefined ? list : [entry];

export const createSet = action({
  id: 'firewall.create_ipset',
  verb: 'create the IP set',
  risk: 'change',
  say: [`(create|add|make|define|new) [new] [firewall] ${words} {name} {*}`],
  input: { name, entries, comment: { kind: 'text', say: ['(with|and) (comment|note) {}'] } },
  async plan(planning, { input }): Promise<Planned> {
    const { name: called = '', entries: wanted = [], comment } = input;
    const wrong = [...nameRefusals('ipset', called), ...entryRefusals(wanted)];
    if (wrong.length > 0) return refused(...wrong);
    if ((await namedNow(planning, 'ipset')).some(({ data }) => data['name'] === called)) {
      const say = `add ${wanted[0] ?? '10.0.0.5'} to ip set ${called}`;
      return refused({ why: `There is an IP set ${called}.`, next: `To add to it: “${say}”.`, say });
    }
    const node = await anyNode(planning);
    const says = `Create the IP set ${called}`;
    const made: PieceStep = {
      ...call('POST', '/cluster/firewall/ipset', { name: called, comment }, says),
      node,
      limitSeconds: 60,
      relies: [namedFact('ipset', called, false)],
      expects: [namedFact('ipset', called, true)],
      undo: [call('DELETE', '/cluster/firewall/ipset/{name}', { name: called }, `Delete the IP set ${called}`)],
    };
    // Before the set is there, nothing of it can be read.
    const filled = wanted.map((cidr) => ({ ...add(called, cidr, node), relies: [namedFact('ipset', called, true)] }));
    return piece({
      says: wanted.length === 0 ? says : `${says} with ${wanted.join(', ')}`,
      steps: [made, ...filled],
      assumptions: [`Rules name it as +${called}`],
      changes: [
        { about: 'the datacenter', key: `IP set ${called}`, before: null, after: wanted.join(', ') || 'empty' },
      ],
      undo: { action: 'firewall.delete_ipset', input: { name: called } },
    });
  },
  examples: [
    {
      say: 'create ip set blocklist with 198.51.100.0/24 and 203.0.113.7',
      sends: [
        'POST /cluster/firewall/ipset name=blocklist',
        'POST /cluster/firewall/ipset/blocklist cidr=198.51.100.0/24',
        'POST /cluster/firewall/ipset/blocklist cidr=203.0.113.7',
      ],
    },
    { say: 'create an ipset monitoring', sends: ['POST /cluster/firewall/ipset name=monitoring'] },
    { say: 'create ip set management', sends: 'clarification' },
    { say: 'create ip set blocklist with 10.0.0.0/77', sends: 'clarification' },
  ],
});

export const addToSet = action({
  id: 'firewall.add_to_ipset',
  verb: 'add to the IP set',
  risk: 'disruptive',
  say: [
    `(add|put) {entry} (to|into|in) [firewall] ${words} {name}`,
    `(add|put) ${several} {entries} (to|into|in) [firewall] ${words} {name}`,
  ],
  input: entriesInput,
  async plan(planning, { input }): Promise<Planned> {
    const called = input.name ?? '';
    const wanted = wantedOf(input);
    const wrong = entryRefusals(wanted);
    if (wrong.length > 0) return refused(...wrong);
    const found = await theNamed(planning, 'ipset', called);
    if (isRefusal(found)) return refused(found);
    const before = await entriesOf(planning, called);
    const fresh = wanted.filter((each) => !before.includes(each));
    if (fresh.length === 0) return already(`${wanted.join(', ')}: in IP set ${called} already.`);
    const node = await anyNode(planning);
    return piece({
      says: `Add ${fresh.join(', ')} to IP set ${called}`,
      steps: fresh.map((cidr) => add(called, cidr, node)),
      warnings: [`Every rule that names +${called} is about ${fresh.length === 1 ? 'it' : 'them'} from then on.`],
      changes: [
        {
          about: `IP set ${called}`,
          key: 'entries',
          before: before.join(', '),
          after: [...before, ...fresh].join(', '),
        },
      ],
      undo: { action: 'firewall.remove_from_ipset', input: { name: called, entries: fresh } },
    });
  },
  examples: [
    {
      say: 'add 10.10.9.0/24 to the ip set management',
      sends: ['POST /cluster/firewall/ipset/management cidr=10.10.9.0/24'],
    },
    {
      say: 'add addresses 10.10.9.1, 10.10.9.2 to ipset management',
      sends: [
        'POST /cluster/firewall/ipset/management cidr=10.10.9.1',
        'POST /cluster/firewall/ipset/management cidr=10.10.9.2',
      ],
    },
    { say: 'add 10.10.1.0/24 to the ip set management', sends: 'answer' },
    { say: 'add 10.10.9.0/24 to the ip set partners', sends: 'clarification' },
  ],
});

/** What the rules of the datacenter let in by this set alone, administration maybe. */
const leftOut =
  'Rules that name the set are not about it any more: what they let in from there is kept out, this assistant’s own access too if it comes from there.';

export const takeFromSet = action({
  id: 'firewall.remove_from_ipset',
  verb: 'take out of the IP set',
  risk: 'disruptive',
  say: [
    `(remove|delete|take|drop) [address|addresses|network|networks|ip|ips] {entries} (from|out of) [firewall] ${words} {name}`,
  ],
  input: { name, entries: { kind: 'words', say: [], ask: 'Which addresses or networks?' } },
  async plan(planning, { input }): Promise<Planned> {
    const called = input.name ?? '';
    const wanted = wantedOf(input);
    const found = await theNamed(planning, 'ipset', called);
    if (isRefusal(found)) return refused(found);
    const before = await entriesOf(planning, called);
    const absent = wanted.filter((each) => !before.includes(each));
    if (absent.length > 0)
      return refused({
        why: `${absent.join(', ')}: not in IP set ${called}.`,
        next: `It holds ${before.join(', ') || 'nothing'}.`,
      });
    const node = await anyNode(planning);
    return piece({
      says: `Take ${wanted.join(', ')} out of IP set ${called}`,
      steps: wanted.map((cidr) => ({
        ...call(
          'DELETE',
          '/cluster/firewall/ipset/{name}/{cidr}',
          { name: called, cidr },
          `Take ${cidr} out of IP set ${called}`,
        ),
        node,
        limitSeconds: 60,
        relies: [entryFact(called, cidr, true)],
        expects: [entryFact(called, cidr, false)],
      })),
      warnings: [leftOut],
      changes: [
        {
          about: `IP set ${called}`,
          key: 'entries',
          before: before.join(', '),
          after: before.filter((each) => !wanted.includes(each)).join(', ') || null,
        },
      ],
      undo: { action: 'firewall.add_to_ipset', input: { name: called, entries: wanted } },
    });
  },
  examples: [
    {
      say: 'remove 10.10.1.0/24 from the ip set management',
      sends: ['DELETE /cluster/firewall/ipset/management/10.10.1.0%2F24'],
    },
    { say: 'remove 10.10.7.0/24 from the ip set management', sends: 'clarification' },
    { say: 'take 10.10.1.0/24 out of ipset partners', sends: 'clarification' },
  ],
});

export const deleteSet = action({
  id: 'firewall.delete_ipset',
  verb: 'delete the IP set',
  risk: 'destructive',
  say: [`(delete|remove|drop) [firewall] ${words} {name}`],
  input: { name },
  async plan(planning, { input }): Promise<Planned> {
    const { name: called = '' } = input;
    const found = await theNamed(planning, 'ipset', called);
    if (isRefusal(found)) return refused(found);
    const uses = await usesOfNamed(planning, 'ipset', called);
    if (uses.length > 0) return refused(...uses);
    const before = await entriesOf(planning, called);
    const says = `Delete the IP set ${called}`;
    return piece({
      says,
      steps: [
        {
          ...call(
            'DELETE',
            '/cluster/firewall/ipset/{name}',
            { name: called, force: before.length > 0 ? true : undefined },
            says,
          ),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [namedFact('ipset', called, true), ...before.map((cidr) => entryFact(called, cidr, true))],
          expects: [namedFact('ipset', called, false)],
        },
      ],
      loses: [`IP set ${called}${before.length === 0 ? '' : `: ${before.join(', ')}`}`],
      changes: [
        { about: 'the datacenter', key: `IP set ${called}`, before: before.join(', ') || 'empty', after: null },
      ],
      confirm: called,
      undo: { action: 'firewall.create_ipset', input: { name: called, entries: before } },
    });
  },
  examples: [
    { say: 'delete ip set management', sends: 'clarification' },
    { say: 'delete the ipset partners', sends: 'clarification' },
    { say: 'remove ip set nothing-of-it', sends: 'clarification' },
  ],
});
