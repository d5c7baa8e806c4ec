import { PveError, type Behaviours, type Call, type Handler } from '../behaviour.ts';
import { MACRO_NAMES } from '../firewall/macros.ts';
import { rowsHash } from '../state/config-hash.ts';
import type { Firewall, Row } from '../state/model.ts';
import { guestOf, nodeOf, textParam } from './common.ts';

const NONE: Firewall = { options: {}, rules: [], aliases: [], ipsets: [] };

type Find = (call: Call) => Firewall;

const ofCluster: Find = (call) => call.state.firewall;
const ofNode: Find = (call) => nodeOf(call).firewall;
const ofVm: Find = (call) => guestOf(call, 'qemu').firewall ?? NONE;
const ofContainer: Find = (call) => guestOf(call, 'lxc').firewall ?? NONE;

/** The firewall of the cluster, of nodes and of guests: options, rules, aliases, sets of addresses, groups. */
export const firewall: Behaviours = {
  'GET /cluster/firewall/options': options(ofCluster),
  'GET /cluster/firewall/rules': ruleList(ofCluster),
  'GET /cluster/firewall/rules/{pos}': oneRule(ofCluster),
  'GET /cluster/firewall/aliases': aliases(ofCluster),
  'GET /cluster/firewall/aliases/{name}': oneAlias(ofCluster),
  'GET /cluster/firewall/ipset': ipsets(ofCluster),
  'GET /cluster/firewall/ipset/{name}': ipset(ofCluster),
  'GET /cluster/firewall/ipset/{name}/{cidr}': oneEntry(ofCluster),
  'GET /cluster/firewall/refs': refs(ofCluster),
  'GET /cluster/firewall/macros': () => MACRO_NAMES.map((macro) => ({ macro, descr: MACROS[macro] ?? macro })),
  'GET /cluster/firewall/groups': (call) => {
    const digest = rowsHash(call.state.firewall.groups);
    return call.state.firewall.groups.map(({ group, comment }) => ({ group, ...commented(comment), digest }));
  },
  'GET /cluster/firewall/groups/{group}': (call) => placed(groupOf(call)),
  'GET /cluster/firewall/groups/{group}/{pos}': (call) => atPlace(call, groupOf(call)),
  'GET /nodes/{node}/firewall/options': options(ofNode),
  'GET /nodes/{node}/firewall/rules': ruleList(ofNode),
  'GET /nodes/{node}/firewall/rules/{pos}': oneRule(ofNode),
  'GET /nodes/{node}/firewall/log': emptyLog,
  'GET /nodes/{node}/qemu/{vmid}/firewall/options': options(ofVm),
  'GET /nodes/{node}/qemu/{vmid}/firewall/rules': ruleList(ofVm),
  'GET /nodes/{node}/qemu/{vmid}/firewall/rules/{pos}': oneRule(ofVm),
  'GET /nodes/{node}/qemu/{vmid}/firewall/aliases': aliases(ofVm),
  'GET /nodes/{node}/qemu/{vmid}/firewall/aliases/{name}': oneAlias(ofVm),
  'GET /nodes/{node}/qemu/{vmid}/firewall/ipset': ipsets(ofVm),
  'GET /nodes/{node}/qemu/{vmid}/firewall/ipset/{name}': ipset(ofVm),
  'GET /nodes/{node}/qemu/{vmid}/firewall/ipset/{name}/{cidr}': oneEntry(ofVm),
  'GET /nodes/{node}/qemu/{vmid}/firewall/refs': refs(ofVm),
  'GET /nodes/{node}/qemu/{vmid}/firewall/log': emptyLog,
  'GET /nodes/{node}/lxc/{vmid}/firewall/options': options(ofContainer),
  'GET /nodes/{node}/lxc/{vmid}/firewall/rules': ruleList(ofContainer),
  'GET /nodes/{node}/lxc/{vmid}/firewall/rules/{pos}': oneRule(ofContainer),
  'GET /nodes/{node}/lxc/{vmid}/firewall/aliases': aliases(ofContainer),
  'GET /nodes/{node}/lxc/{vmid}/firewall/aliases/{name}': oneAlias(ofContainer),
  'GET /nodes/{node}/lxc/{vmid}/firewall/ipset': ipsets(ofContainer),
  'GET /nodes/{node}/lxc/{vmid}/firewall/ipset/{name}': ipset(ofContainer),
  'GET /nodes/{node}/lxc/{vmid}/firewall/ipset/{name}/{cidr}': oneEntry(ofContainer),
  'GET /nodes/{node}/lxc/{vmid}/firewall/refs': refs(ofContainer),
  'GET /nodes/{node}/lxc/{vmid}/firewall/log': emptyLog,
};

function emptyLog(): Row[] {
  return [{ n: 1, t: 'no content' }];
}

function options(find: Find): Handler {
  return (call) => ({ ...find(call).options, digest: rowsHash(find(call)) });
}

function ruleList(find: Find): Handler {
  return (call) => placed(find(call).rules);
}

/** Rules with their place and the digest of their list. */
function placed(rules: readonly Row[]): Row[] {
  const digest = rowsHash(rules);
  return rules.map((rule, pos) => ({ ...rule, pos, digest }));
}

function oneRule(find: Find): Handler {
  return (call) => atPlace(call, find(call).rules);
}

function atPlace(call: Call, rules: readonly Row[]): Row {
  const pos = Number(textParam(call, 'pos'));
  const rule = placed(rules)[pos];
  if (!rule) throw new PveError(500, `no rule at position ${pos}\n`);
  return rule;
}

function groupOf(call: Call): readonly Row[] {
  const name = textParam(call, 'group') ?? '';
  const group = call.state.firewall.groups.find((entry) => entry.group === name);
  if (!group) throw new PveError(500, `no such security group '${name}'\n`);
  return group.rules;
}

function aliases(find: Find): Handler {
  return (call) => find(call).aliases.map((row) => ({ ...row, digest: rowsHash(find(call).aliases) }));
}

function oneAlias(find: Find): Handler {
  return (call) => {
    const name = textParam(call, 'name') ?? '';
    const row = find(call).aliases.find((entry) => String(entry['name']).toLowerCase() === name.toLowerCase());
    if (!row) throw new PveError(400, 'Parameter verification failed.\n', { name: 'no such alias' });
    return row;
  };
}

function commented(comment: string | undefined): Row {
  return comment === undefined ? {} : { comment };
}

function ipsets(find: Find): Handler {
  return (call) =>
    find(call).ipsets.map(({ name, comment }) => ({
      name,
      ...commented(comment),
      digest: rowsHash(find(call).ipsets),
    }));
}

function ipset(find: Find): Handler {
  return (call) => {
    const name = textParam(call, 'name') ?? '';
    const found = find(call).ipsets.find((entry) => entry.name === name);
    if (!found) throw new PveError(500, `no such IPSet '${name}'\n`);
    return found.entries.map((row) => ({ ...row, digest: rowsHash(found.entries) }));
  };
}

function oneEntry(find: Find): Handler {
  return (call) => {
    const cidr = textParam(call, 'cidr');
    const entries = ipset(find)(call) as Row[]; // the list of the set's rows
    const entry = entries.find((row) => row['cidr'] === cidr);
    if (!entry) throw new PveError(400, 'Parameter verification failed.\n', { cidr: 'no such IPSet entry' });
    return entry;
  };
}

/** What rules may refer to: the cluster's aliases and sets, and the guest's own. */
function refs(find: Find): Handler {
  return (call) => {
    const type = textParam(call, 'type');
    const scopes: [string, Firewall][] = [['dc', call.state.firewall]];
    if (find !== ofCluster) scopes.push(['guest', find(call)]);
    const rows = scopes.flatMap(([scope, { aliases: known, ipsets: sets }]) => [
      ...known.map(({ name, comment }) => ref('alias', String(name), scope, comment)),
      ...sets.map(({ name, comment }) => ref('ipset', name, scope, comment)),
    ]);
    return rows.filter((row) => type === undefined || row['type'] === type);
  };
}

function ref(type: 'alias' | 'ipset', name: string, scope: string, comment: unknown): Row {
  const full = `${scope}/${name}`;
  return {
    type,
    name,
    scope,
    ref: type === 'ipset' ? `+${full}` : full,
    ...(comment === undefined ? {} : { comment }),
  };
}

/** What a macro is for, where its name does not tell. */
const MACROS: Record<string, string> = {
  DNS: 'Domain Name System traffic (upd and tcp)',
  HTTP: 'Hypertext Transfer Protocol (WWW)',
  HTTPS: 'Hypertext Transfer Protocol (WWW) over SSL',
  Ping: 'ICMP echo request',
  PostgreSQL: 'PostgreSQL server',
  RDP: 'Microsoft Remote Desktop Protocol traffic',
  SSH: 'Secure shell traffic',
  Web: 'WWW traffic (HTTP and HTTPS)',
};
