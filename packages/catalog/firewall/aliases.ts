import { asText } from '@pxa/pve/values';
import { action, already, anyNode, call, factAt, piece, type Planned, refused, type Refusal } from '../kit/index.ts';
import { isPlace } from './rule-words.ts';
import { isRefusal, namedFact, namedNow, nameRefusals, theNamed, usesOfNamed } from './named-things.ts';

const addressRefusals = (cidr: string): Refusal[] =>
  isPlace(cidr) && /^[\da-f.:/]+$/i.test(cidr)
    ? []
    : [{ why: `“${cidr}” is no address or network.`, next: 'Say it as 10.0.0.5 or 10.0.0.0/8.' }];

const cidrFact = (name: string, cidr: string): ReturnType<typeof factAt> =>
  factAt(`address of alias ${name}`, '/cluster/firewall/aliases', [`[name=${name}]`, 'cidr'], cidr);

const words = '(alias|firewall alias|address alias)';
const name = { kind: 'name', say: [] } as const;
const comment = { kind: 'text', say: ['(with|and) (comment|note) {}'] } as const;

export const createAlias = action({
  id: 'firewall.create_alias',
  verb: 'create the alias',
  risk: 'change',
  say: [`(create|add|make|define|new) [new] ${words} {name} (for|as|with|to|=) [address|ip|network] {cidr} {*}`],
  input: { name, cidr: { kind: 'word', say: [], ask: 'Which address or network is it to stand for?' }, comment },
  async plan(planning, { input }): Promise<Planned> {
    const { name: called = '', cidr = '' } = input;
    const wrong = [...nameRefusals('alias', called), ...addressRefusals(cidr)];
    if (wrong.length > 0) return refused(...wrong);
    const same = (await namedNow(planning, 'alias')).find(
      ({ data }) => (asText(data['name']) ?? '').toLowerCase() === called.toLowerCase(),
    );
    const before = same === undefined ? undefined : (asText(same.data['cidr']) ?? '');
    if (before === cidr) return already(`Alias ${called} stands for ${cidr}.`);
    if (before !== undefined) {
      const say = `set alias ${called} to ${cidr}`;
      return refused({
        why: `Alias ${called} is there, and stands for ${before}.`,
        next: `To change it: “${say}”.`,
        say,
      });
    }
    const says = `Create the alias ${called} for ${cidr}`;
    const sent = { name: called, cidr, ...(input.comment === undefined ? {} : { comment: input.comment }) };
    return piece({
      says,
      steps: [
        {
          ...call('POST', '/cluster/firewall/aliases', sent, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [namedFact('alias', called, false)],
          expects: [cidrFact(called, cidr)],
        },
      ],
      changes: [{ about: 'the datacenter', key: `alias ${called}`, before: null, after: cidr }],
      undo: { action: 'firewall.delete_alias', input: { name: called } },
    });
  },
  examples: [
    {
      say: 'create alias web-proxy for 10.10.20.5',
      sends: ['POST /cluster/firewall/aliases name=web-proxy cidr=10.10.20.5'],
    },
    {
      say: 'add a firewall alias office for 203.0.113.0/24 with comment "the office"',
      sends: ["POST /cluster/firewall/aliases name=office cidr=203.0.113.0/24 comment='the office'"],
    },
    { say: 'create alias backup-server for 10.10.0.50', sends: 'answer' },
    { say: 'create alias backup-server for 10.10.0.51', sends: 'clarification' },
    { say: 'create alias x1 for 10.0.0.0/99', sends: 'clarification' },
  ],
});

export const changeAlias = action({
  id: 'firewall.change_alias',
  verb: 'change the alias',
  risk: 'disruptive',
  say: [`(set|change|point|update) ${words} {name} to [address|ip|network] {cidr}`],
  input: { name, cidr: { kind: 'word', say: [], ask: 'Which address or network is it to stand for?' } },
  async plan(planning, { input }): Promise<Planned> {
    const { cidr = '' } = input;
    const wrong = addressRefusals(cidr);
    if (wrong.length > 0) return refused(...wrong);
    const found = await theNamed(planning, 'alias', input.name ?? '');
    if (isRefusal(found)) return refused(found);
    const called = asText(found.data['name']) ?? '';
    const [before, kept, digest] = [found.data['cidr'], found.data['comment'], found.data['digest']].map(asText);
    if (before === cidr) return already(`Alias ${called} stands for ${cidr}.`);
    const says = `Let the alias ${called} stand for ${cidr}`;
    // What is not sent again is taken away (pve-firewall Aliases.pm, update_alias).
    const sent = { name: called, cidr, comment: kept ?? undefined, digest: digest ?? undefined };
    return piece({
      says,
      steps: [
        {
          ...call('PUT', '/cluster/firewall/aliases/{name}', sent, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [cidrFact(called, before ?? '')],
          expects: [cidrFact(called, cidr)],
        },
      ],
      warnings: ['Every rule that names it is about the new address from then on.'],
      changes: [{ about: 'the datacenter', key: `alias ${called}`, before: before ?? null, after: cidr }],
      undo: { action: 'firewall.change_alias', input: { name: called, cidr: before ?? '' } },
    });
  },
  examples: [
    {
      say: 'set alias backup-server to 10.10.0.60',
      sends: ["PUT /cluster/firewall/aliases/backup-server cidr=10.10.0.60 comment='NFS target'"],
    },
    { say: 'set alias backup-server to 10.10.0.50', sends: 'answer' },
    { say: 'change the alias mail-relay to 10.10.0.61', sends: 'clarification' },
  ],
});

export const deleteAlias = action({
  id: 'firewall.delete_alias',
  verb: 'delete the alias',
  risk: 'destructive',
  say: [`(delete|remove|drop) ${words} {name}`],
  input: { name },
  async plan(planning, { input }): Promise<Planned> {
    const found = await theNamed(planning, 'alias', input.name ?? '');
    if (isRefusal(found)) return refused(found);
    const called = asText(found.data['name']) ?? '';
    const uses = await usesOfNamed(planning, 'alias', called);
    if (uses.length > 0) return refused(...uses);
    const cidr = asText(found.data['cidr']) ?? '';
    const digest = asText(found.data['digest']) ?? undefined;
    const says = `Delete the alias ${called}`;
    return piece({
      says,
      steps: [
        {
          ...call('DELETE', '/cluster/firewall/aliases/{name}', { name: called, digest }, says),
          node: await anyNode(planning),
          limitSeconds: 60,
          relies: [cidrFact(called, cidr)],
          expects: [namedFact('alias', called, false)],
        },
      ],
      loses: [`the name ${called} for ${cidr}`],
      changes: [{ about: 'the datacenter', key: `alias ${called}`, before: cidr, after: null }],
      confirm: called,
      undo: { action: 'firewall.create_alias', input: { name: called, cidr } },
    });
  },
  examples: [
    { say: 'delete alias backup-server', sends: ['DELETE /cluster/firewall/aliases/backup-server'] },
    { say: 'remove the firewall alias mail-relay', sends: 'clarification' },
    { say: 'delete the alias Backup-Server', sends: ['DELETE /cluster/firewall/aliases/backup-server'] },
  ],
});
