import type { Row } from '../state/model.ts';
import { listed, nodePriorities } from './placement.ts';

interface Rule {
  id: string;
  members: Set<string>;
  nodes: Map<string, number>;
}

/** What makes a rule one that cannot be kept, beside the others: the checks of PVE::HA::Rules, in their order. */
export function ruleErrors(rows: readonly Row[], id: string, nodeCount: number): string[] {
  const active = rows.filter((row) => Number(row['disable'] ?? 0) !== 1);
  const own = active.find((row) => row['rule'] === id);
  if (!own) return [];
  const rule = read(own);
  const places = active.filter((row) => row['type'] === 'node-affinity').map(read);
  const positive = active.filter((row) => row['affinity'] === 'positive').map(read);
  const negative = active.filter((row) => row['affinity'] === 'negative').map(read);
  if (own['type'] === 'node-affinity') return placeErrors(rule, places, positive, negative);
  const opposite = own['affinity'] === 'positive' ? negative : positive;
  const texts: string[] = [];
  if (rule.members.size < 2) texts.push('rule is ineffective as there are less than two resources');
  if (own['affinity'] === 'negative' && rule.members.size > nodeCount) {
    texts.push('rule defines more resources than available nodes');
  }
  if (opposite.some((other) => common(rule, other).length > 1)) {
    const word = own['affinity'] === 'positive' ? 'negative' : 'positive';
    texts.push(`rule shares two or more resources with a ${word} resource affinity rule`);
  }
  const touched = places.filter((place) => common(rule, place).length > 0);
  if (touched.some(hasPriorities)) texts.push('resources are in node affinity rules with multiple priorities');
  if (own['affinity'] === 'positive' && touched.length > 1) {
    texts.push('resources are in multiple node affinity rules');
  }
  if (own['affinity'] === 'negative' && isTooTight(rule, touched)) {
    texts.push('two or more resources are restricted to less nodes than available to the resources');
  }
  return texts;
}

function placeErrors(
  rule: Rule,
  places: readonly Rule[],
  positive: readonly Rule[],
  negative: readonly Rule[],
): string[] {
  const texts: string[] = [];
  const others = places.filter(({ id }) => id !== rule.id);
  for (const sid of rule.members) {
    if (others.some((other) => other.members.has(sid))) {
      texts.push(`resource '${sid}' is already used in another node affinity rule`);
    }
  }
  const touched = (affine: Rule): Rule[] => places.filter((place) => common(affine, place).length > 0);
  const mine = (affine: Rule): boolean => common(affine, rule).length > 0;
  if ([...positive, ...negative].some((affine) => mine(affine) && touched(affine).some(hasPriorities))) {
    texts.push(
      'resources are in a resource affinity rule and cannot be in a node affinity rule with multiple priorities',
    );
  }
  if (positive.some((affine) => mine(affine) && touched(affine).length > 1)) {
    texts.push(
      'at least one resource is in a positive resource affinity rule and there are other resources in at least one other node affinity rule already',
    );
  }
  if (negative.some((affine) => mine(affine) && isTooTight(affine, touched(affine)))) {
    texts.push(
      'at least one resource is in a negative resource affinity rule and this rule would restrict these to less nodes than available to the resources',
    );
  }
  return texts;
}

function read(row: Row): Rule {
  return {
    id: String(row['rule']),
    members: new Set(listed(row['resources'])),
    nodes: nodePriorities(row['nodes']),
  };
}

function common(a: Rule, b: Rule): string[] {
  return [...a.members].filter((sid) => b.members.has(sid));
}

function hasPriorities({ nodes }: Rule): boolean {
  return new Set(nodes.values()).size > 1;
}

/** Resources that have to be apart and are bound to fewer nodes than there are of them. */
function isTooTight(affine: Rule, places: readonly Rule[]): boolean {
  const bound = new Set(places.flatMap((place) => common(affine, place)));
  const nodes = new Set(places.flatMap((place) => [...place.nodes.keys()]));
  return nodes.size < bound.size;
}
