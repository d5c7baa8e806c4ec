import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { wakeCrm } from '../ha/crm.ts';
import { ruleErrors } from '../ha/feasibility.ts';
import { listed, nodePriorities } from '../ha/placement.ts';
import { resourceOf } from '../ha/service.ts';
import { died } from '../guests/work.ts';
import type { Row } from '../state/model.ts';
import { textParam } from './common.ts';
import { assertDigest, sentSettings, withPrefix, withoutDeleted, type Kind } from './config-change.ts';
import { rulesFromGroups } from './ha-migration.ts';

const COMMON: Record<string, Kind> = { resources: 'text', comment: 'text', disable: 'flag' };
const BY_TYPE: Record<string, Record<string, Kind>> = {
  'node-affinity': { ...COMMON, nodes: 'text', strict: 'flag' },
  'resource-affinity': { ...COMMON, affinity: 'text' },
};
const REQUIRED = ['resources', 'nodes', 'affinity'];

/** Where services may be: PVE::API2::HA::Rules, from 9.0 on. */
export const haRuleWrites: Behaviours = {
  'POST /cluster/ha/rules': (call) => {
    const { rules, id, type } = begin(call, 'POST /cluster/ha/rules');
    return withPrefix('create ha rule failed', () => {
      if (rules.some((row) => row['rule'] === id)) throw died(`HA rule '${id}' already defined`);
      const order = Math.max(0, ...rules.map((row) => Number(row['order'] ?? 0))) + 1;
      const settings = sentSettings(call, BY_TYPE[type] ?? COMMON);
      return write(call, [...rules, normal({ rule: id, type, ...defaults(type), ...settings, order })], id);
    });
  },

  'PUT /cluster/ha/rules/{rule}': (call) => {
    const { rules, id, type: sentType } = begin(call, 'PUT /cluster/ha/rules/{rule}');
    return withPrefix('update HA rules failed', () => {
      assertDigest(call, rules);
      const before = rules.find((row) => row['rule'] === id);
      if (!before) throw died(`HA rule '${id}' does not exist`);
      const kinds = BY_TYPE[sentType === '' ? String(before['type']) : sentType] ?? COMMON;
      const changed = withoutDeleted(call, { ...before, ...sentSettings(call, kinds) }, kinds, REQUIRED);
      const after = normal({ ...changed, type: before['type'] });
      return write(
        call,
        rules.map((row) => (row === before ? after : row)),
        id,
      );
    });
  },

  'DELETE /cluster/ha/rules/{rule}': (call) => {
    const { rules, id } = begin(call, 'DELETE /cluster/ha/rules/{rule}');
    call.state.ha.rules = rules.filter((row) => row['rule'] !== id);
    wakeCrm(call);
    return null;
  },
};

/** The first change turns groups into rules for good, as the upgrade does. */
function begin(call: Call, route: string): { rules: Row[]; id: string; type: string } {
  if (call.version.major < 9) throw new PveError(501, `Method '${route}' not implemented\n`);
  const rules = call.state.ha.rules ?? rulesFromGroups(call.state.ha);
  return { rules, id: textParam(call, 'rule') ?? '', type: textParam(call, 'type') ?? '' };
}

function defaults(type: string): Row {
  return type === 'node-affinity' ? { strict: 0 } : {};
}

/** Members are kept in order, as encode_value writes them. */
function normal(rule: Row): Row {
  return { ...rule, resources: listed(rule['resources']).sort().join(',') };
}

function write(call: Call, rules: Row[], id: string): null {
  const rule = rules.find((row) => row['rule'] === id) ?? {};
  const unmanaged = listed(rule['resources']).filter((sid) => !resourceOf(call.state, sid));
  if (unmanaged.length > 0) throw died(`cannot use unmanaged resource(s) ${unmanaged.join(', ')}.`);
  const unknown = [...nodePriorities(rule['nodes']).keys()].filter((node) => !call.state.nodes.has(node)).sort();
  if (unknown.length > 0) throw died(`cannot use non-existant node(s) ${unknown.join(', ')}.`);
  const texts = ruleErrors(rules, id, call.state.nodes.size);
  if (texts.length > 0) throw new PveError(400, `Rule '${id}' is invalid.\n`, { resources: texts.join(', ') });
  call.state.ha.rules = rules;
  call.state.ha.groups = null;
  wakeCrm(call);
  return null;
}
