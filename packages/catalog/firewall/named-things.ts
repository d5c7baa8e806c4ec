import type { Fact } from '@pxa/contract';
import { asObject, asText } from '@pxa/pve/values';
import { guestsIn } from '../guests/asked.ts';
import { factAt, needed, type Planning, type Rec, type Refusal } from '../kit/index.ts';

/** What the datacenter's firewall has by a name, for rules to refer to. */
export type Kind = 'group' | 'ipset' | 'alias';

interface KindFacts {
  readonly title: string;
  readonly list: '/cluster/firewall/groups' | '/cluster/firewall/ipset' | '/cluster/firewall/aliases';
  /** Under which its name stands in the list. */
  readonly key: 'group' | 'name';
  /** The longest name that Proxmox takes (pve-firewall Firewall.pm: pve-security-group-name, ipset_name, alias). */
  readonly longest: number;
  /** By which orders name one. */
  readonly said: string;
}

const kinds: Readonly<Record<Kind, KindFacts>> = {
  group: {
    title: 'Security group',
    list: '/cluster/firewall/groups',
    key: 'group',
    longest: 18,
    said: 'security group',
  },
  ipset: { title: 'IP set', list: '/cluster/firewall/ipset', key: 'name', longest: 64, said: 'ip set' },
  alias: { title: 'Alias', list: '/cluster/firewall/aliases', key: 'name', longest: 64, said: 'alias' },
};

export async function namedNow(planning: Planning, kind: Kind): Promise<Rec[]> {
  const { list, title } = kinds[kind];
  return needed(await planning.list(list, {}), `${title}s of the datacenter`);
}

const nameIn = (kind: Kind, { data }: Rec): string => asText(data[kinds[kind].key]) ?? '';

/** The one of that name, as it is written there; names of aliases are told apart whatever their case. */
export async function theNamed(planning: Planning, kind: Kind, name: string): Promise<Rec | Refusal> {
  const all = await namedNow(planning, kind);
  const same = (each: string): boolean =>
    kind === 'alias' ? each.toLowerCase() === name.toLowerCase() : each === name;
  const found = all.find((rec) => same(nameIn(kind, rec)));
  if (found !== undefined) return found;
  const { title, said } = kinds[kind];
  const say = `create ${said} ${name}`;
  const known = all.map((rec) => nameIn(kind, rec)).join(', ') || 'none';
  return {
    why: `The datacenter has no ${said} ${name}.`,
    next: `${title}s that there are: ${known}. To make it: “${say}”.`,
    say,
  };
}

export const isRefusal = (found: object): found is Refusal => 'why' in found;

/** What Proxmox would not take as a name. */
export function nameRefusals(kind: Kind, name: string): Refusal[] {
  const { title, longest } = kinds[kind];
  if (/^[A-Za-z][\w-]+$/.test(name) && name.length <= longest) return [];
  const next = `Two to ${longest} letters, digits, “-” and “_”, a letter first.`;
  return [{ why: `“${name}” is no name for ${title === 'IP set' ? 'an IP set' : `a ${title.toLowerCase()}`}.`, next }];
}

/** That one of that name is there, or is not. */
export function namedFact(kind: Kind, name: string, isThere: boolean): Fact {
  const { list, key, said } = kinds[kind];
  return factAt(`${said} ${name}`, list, [`[${key}=${name}]`, key], isThere ? name : null);
}

/** A level's rules, and by what a person calls it. */
interface Rules {
  readonly title: string;
  readonly rules: readonly Rec[];
}

/** The rules of every level. What cannot be read may refer to it as well, so that it is in the way. @throws CannotPlan */
async function rulesEverywhere(planning: Planning): Promise<Rules[]> {
  const guests = guestsIn(needed(await planning.list('/cluster/resources', {}), 'The list of guests'));
  const nodes = (await planning.nodes()).filter(({ online }) => online);
  const groups = await namedNow(planning, 'group');
  const title = (text: string): string => `The firewall rules of ${text}`;
  const read = async (of: string, got: ReturnType<Planning['list']>): Promise<Rules> => ({
    title: of,
    rules: needed(await got, title(of)),
  });
  return Promise.all([
    read('the datacenter', planning.list('/cluster/firewall/rules', {})),
    ...groups.map((rec) => {
      const group = nameIn('group', rec);
      return read(`security group ${group}`, planning.list('/cluster/firewall/groups/{group}', { group }));
    }),
    ...nodes.map(({ node }) => read(`node ${node}`, planning.list('/nodes/{node}/firewall/rules', { node }))),
    ...guests.map(({ type, node, vmid, name }) => {
      const at = { node, vmid };
      const got =
        type === 'qemu'
          ? planning.list('/nodes/{node}/qemu/{vmid}/firewall/rules', at)
          : planning.list('/nodes/{node}/lxc/{vmid}/firewall/rules', at);
      return read(`${type === 'qemu' ? 'VM' : 'container'} ${vmid} ${name}`.trim(), got);
    }),
  ]);
}

/** Whether a rule names it: a group by its action, a set as `+name`, an alias by its name, both also with `dc/`. */
function refersTo({ data }: Rec, kind: Kind, name: string): boolean {
  if (kind === 'group') return data['type'] === 'group' && data['action'] === name;
  const wanted = kind === 'ipset' ? [`+${name}`, `+dc/${name}`] : [name.toLowerCase(), `dc/${name.toLowerCase()}`];
  const places = [data['source'], data['dest']].flatMap((place) => (asText(place) ?? '').split(','));
  return places.some((place) => wanted.includes(kind === 'alias' ? place.toLowerCase() : place));
}

/** Rules, and entries of IP sets, that name it: Proxmox would take it away all the same, and leave them without sense. */
export async function usesOfNamed(planning: Planning, kind: Kind, name: string): Promise<Refusal[]> {
  const everywhere = await rulesEverywhere(planning);
  const users = everywhere.filter(({ rules }) => rules.some((rule) => refersTo(rule, kind, name)));
  const sets = kind === 'alias' ? await setsWith(planning, name) : [];
  return [...users.map(({ title }) => `rules of ${title}`), ...sets].map((user) => ({
    why: `${kinds[kind].title} ${name} is named by ${user}.`,
    next: 'Change or delete what names it first: “list all firewall rules”.',
    say: 'list all firewall rules',
  }));
}

async function setsWith(planning: Planning, alias: string): Promise<string[]> {
  const sets = await namedNow(planning, 'ipset');
  const found = await Promise.all(
    sets.map(async (rec) => {
      const name = nameIn('ipset', rec);
      const entries = needed(await planning.read('/cluster/firewall/ipset/{name}', { name }), `IP set ${name}`);
      const rows: readonly unknown[] = Array.isArray(entries) ? entries : [];
      const has = rows.some(
        (row) => (asText(asObject(row)?.['cidr']) ?? '').replace(/^dc\//, '').toLowerCase() === alias.toLowerCase(),
      );
      return has ? [`IP set ${name}`] : [];
    }),
  );
  return found.flat();
}
