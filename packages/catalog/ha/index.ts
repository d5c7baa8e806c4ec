import { capability } from '../kit/index.ts';
import { add, remove } from './actions.ts';
import { keepApart, keepOn, keepTogether } from './affinity.ts';
import { change } from './change.ts';
import { deleteGroup } from './groups.ts';
import { deleteRule, ruleMembers, switchRule } from './rules.ts';
import { examples } from './examples.ts';
import { ha } from './ha.ts';
import { haRules } from './ha-rules.ts';
import { managers } from './managers.ts';

export const haCapability = capability({
  id: 'ha',
  title: 'High availability',
  datasets: [ha, managers, haRules],
  examples,
  actions: [add, remove, change, keepOn, keepApart, keepTogether, ruleMembers, switchRule, deleteRule, deleteGroup],
});
