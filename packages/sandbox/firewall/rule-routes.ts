import { asList } from '../access-change.ts';
import type { Call, Handler } from '../behaviour.ts';
import { numberParam, textParam } from '../behaviours/common.ts';
import { assertDigest } from '../behaviours/config-change.ts';
import { died, refused } from '../guests/work.ts';
import type { Row } from '../state/model.ts';
import type { Level } from './levels.ts';
import { verifyRule, type Environment, type Scope } from './verify-rule.ts';

const PROPERTIES = [
  ...['type', 'action', 'macro', 'iface', 'source', 'dest', 'proto', 'enable', 'log', 'sport', 'dport', 'comment'],
  'icmp-type',
];

/** A list of rules, wherever it is kept: a level's own, or a security group's. */
export interface RuleList {
  environment: Environment;
  scope(call: Call): Scope;
  read(call: Call): readonly Row[];
  write(call: Call, rules: Row[]): void;
}

export function rulesOf(level: Level): RuleList {
  return {
    environment: level.environment,
    scope: (call) => [call.state.firewall, level.read(call)],
    read: (call) => level.read(call).rules,
    write: (call, rules) => level.write(call, { rules }),
  };
}

/** PVE::API2::Firewall::Rules: a new rule comes first, whatever place it was given. */
export function ruleRoutes(create: string, one: string, list: RuleList): Record<string, Handler> {
  return {
    [`POST ${create}`]: (call) => {
      const rule = verifyRule(withSent(call, {}), list.scope(call), list.environment);
      list.write(call, [{ ...rule, enable: Number(rule['enable'] ?? 0) }, ...list.read(call)]);
      return null;
    },

    [`PUT ${one}`]: (call) => {
      const { rules, pos, rule } = found(call, list);
      const target = numberParam(call, 'moveto');
      if (target !== undefined && target !== pos) list.write(call, moved(rules, pos, target));
      else {
        const changed = withoutDeleted(call, withSent(call, rule));
        const after = verifyRule(changed, list.scope(call), list.environment);
        list.write(
          call,
          rules.map((other, index) => (index === pos ? after : other)),
        );
      }
      return null;
    },

    [`DELETE ${one}`]: (call) => {
      const { rules, pos } = found(call, list);
      list.write(
        call,
        rules.filter((_, index) => index !== pos),
      );
      return null;
    },
  };
}

function found(call: Call, list: RuleList): { rules: readonly Row[]; pos: number; rule: Row } {
  const rules = list.read(call);
  assertDigest(call, rules);
  const pos = numberParam(call, 'pos') ?? 0;
  const rule = rules[pos];
  if (!rule) throw died(`no rule at position ${pos}`);
  return { rules, pos, rule };
}

/** An empty value, or a dash, takes a property away. */
function withSent(call: Call, rule: Row): Row {
  const changed = { ...rule };
  for (const key of PROPERTIES) {
    const value = textParam(call, key);
    if (value === undefined) continue;
    if (value === '' || value === '-') delete changed[key];
    else changed[key] = key === 'enable' ? Number(value) : value;
  }
  return changed;
}

function withoutDeleted(call: Call, rule: Row): Row {
  const left = { ...rule };
  for (const key of asList(call.params['delete'])) {
    if (!PROPERTIES.includes(key)) throw refused({ delete: `no such property ('${key}')` });
    if (key === 'type' || key === 'action') throw refused({ delete: `unable to delete required property '${key}'` });
    delete left[key];
  }
  return left;
}

/** The rule comes before the one that was at the target; behind all where there was none. */
function moved(rules: readonly Row[], pos: number, target: number): Row[] {
  const rule = rules[pos];
  const after: Row[] = [];
  rules.forEach((other, index) => {
    if (index === pos) return;
    if (index === target && rule) after.push(rule);
    after.push(other);
  });
  if (target >= rules.length && rule) after.push(rule);
  return after;
}
