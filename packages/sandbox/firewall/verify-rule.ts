import { refused } from '../guests/work.ts';
import type { Firewall, Row } from '../state/model.ts';
import { macroName, macroParts } from './macros.ts';

const WITH_PORTS = new Set(['udp', '17', 'udplite', '136', 'tcp', '6', 'dccp', '33', 'sctp', '132']);
const ICMP = new Set(['icmp', 'icmpv6', 'ipv6-icmp']);
const NAME = /^[A-Za-z][A-Za-z0-9\-_]+$/;
const REFERENCE = /^(?:(guest|dc|sdn)\/)?([A-Za-z][A-Za-z0-9\-_]+)$/;

export type Environment = 'cluster' | 'host' | 'vm' | 'ct' | 'group';

/** Where names in rules are looked up: the cluster's configuration, and the guest's or node's own. */
export type Scope = readonly Firewall[];

/** PVE::Firewall::verify_rule: the rule with its macro's name as it is written, or the first thing that is wrong. */
export function verifyRule(rule: Row, scope: Scope, environment: Environment): Row {
  checkDirection(rule, environment);
  checkInterface(rule, environment);
  const named = withMacro(rule);
  checkPorts(named);
  const version = checkAddresses(named, scope);
  checkAgainstMacro(named);
  const { ipversion: _before, ...rest } = named;
  return version === undefined ? rest : { ...rest, ipversion: version };
}

function text(rule: Row, key: string): string | undefined {
  const value = rule[key];
  return value === undefined || value === '' ? undefined : String(value);
}

function checkDirection(rule: Row, environment: Environment): void {
  const [type, action] = [text(rule, 'type'), text(rule, 'action')];
  if (type === undefined) throw refused({ type: 'missing property' });
  if (action === undefined) throw refused({ action: 'missing property' });
  if (type === 'group') {
    if (environment === 'group') throw refused({ type: 'security groups not allowed' });
    if (!NAME.test(action)) throw refused({ action: 'invalid characters in security group name' });
    return;
  }
  const isGuest = environment === 'vm' || environment === 'ct';
  if (type === 'forward' && isGuest) throw refused({ type: `unknown rule type '${type}'` });
  const actions = type === 'forward' ? /^(?:ACCEPT|DROP)$/ : /^(?:ACCEPT|DROP|REJECT)$/;
  if (!actions.test(action)) throw refused({ action: `unknown action '${action}'` });
}

function checkInterface(rule: Row, environment: Environment): void {
  const iface = text(rule, 'iface');
  if (iface === undefined) return;
  if (environment === 'group') throw refused({ type: 'parameter -i not allowed for this rule type' });
  if ((environment === 'vm' || environment === 'ct') && !/^net\d+$/.test(iface)) {
    throw refused({ iface: "value does not match the regex pattern 'net\\d+'" });
  }
}

function withMacro(rule: Row): Row {
  const macro = text(rule, 'macro');
  if (macro === undefined) return rule;
  const name = macroName(macro);
  if (name === undefined) throw refused({ macro: `unknown macro '${macro}'` });
  return { ...rule, macro: name };
}

function checkPorts(rule: Row): void {
  const proto = text(rule, 'proto');
  for (const key of ['dport', 'sport']) {
    if (text(rule, key) === undefined) continue;
    if (proto === undefined) throw refused({ proto: `missing property - '${key}' requires this property` });
    const isIcmp = key === 'dport' && (proto === 'icmp' || proto === 'icmpv6');
    if (!WITH_PORTS.has(proto) && !isIcmp) throw refused({ [key]: `protocol '${proto}' does not support ports` });
  }
  if (text(rule, 'icmp-type') === undefined) return;
  if (proto === undefined || !ICMP.has(proto)) {
    throw refused({ proto: "missing property - 'icmp-type' requires this property" });
  }
  if (text(rule, 'dport') !== undefined) {
    throw refused({ 'icmp-type': "'icmp-type' cannot be specified together with 'dport'" });
  }
}

/** Names have to be known; all addresses of a rule are of one version. */
function checkAddresses(rule: Row, scope: Scope): 4 | 6 | undefined {
  const proto = text(rule, 'proto');
  let version: 4 | 6 | undefined = proto === 'icmp' ? 4 : proto !== undefined && ICMP.has(proto) ? 6 : undefined;
  for (const key of ['source', 'dest']) {
    const value = text(rule, key);
    if (value === undefined) continue;
    const found = value.startsWith('+') ? checkSet(key, value, scope) : versionOf(key, value, scope);
    if (found !== undefined && version !== undefined && found !== version) {
      throw refused({ [key]: 'detected mixed ipv4/ipv6 addresses in rule' });
    }
    version = found ?? version;
  }
  return version;
}

function checkSet(key: string, value: string, scope: Scope): undefined {
  const [, where, name] = REFERENCE.exec(value.slice(1)) ?? [];
  if (name === undefined) throw refused({ [key]: `invalid ipset name '${value}'` });
  const isKnown = scope.some(({ ipsets }) => ipsets.some((set) => set.name === name));
  if (where !== 'sdn' && !isKnown) throw refused({ [key]: `no such ipset '${name}'` });
}

function versionOf(key: string, value: string, scope: Scope): 4 | 6 | undefined {
  const name = REFERENCE.exec(value)?.[2];
  if (name === undefined) return value.includes(':') ? 6 : 4;
  const alias = findAlias(scope, name);
  if (!alias) throw refused({ [key]: `no such alias '${value}'` });
  return String(alias['cidr']).includes(':') ? 6 : 4;
}

/** Names of aliases are told apart whatever their case. */
export function findAlias(scope: Scope, name: string): Row | undefined {
  const wanted = name.toLowerCase();
  return scope.flatMap(({ aliases }) => aliases).find((row) => String(row['name']).toLowerCase() === wanted);
}

function checkAgainstMacro(rule: Row): void {
  const macro = text(rule, 'macro');
  if (macro === undefined) return;
  for (const [key, value] of Object.entries(macroParts(macro))) {
    const own = text(rule, key);
    if (own === undefined || own === value) continue;
    throw refused({ [key]: `parameter '${key}' already define in macro (value = '${value}')` });
  }
}
