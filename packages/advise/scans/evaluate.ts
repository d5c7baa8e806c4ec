import type { Answered, Thresholds } from '@pxa/catalog';
import type { Filter, Query, Row } from '@pxa/contract';
import { type Check, CLUSTER, type Facts, type Look, type Rule, type Seen } from './rule.ts';
import { narrowing, type Scope, type Wish } from './scope.ts';

/** What a rule said of a target. */
export interface Judged {
  readonly rule: Rule;
  readonly check: Check;
}

/** The question of a look; of guests, templates are left out. */
function queryOf(rule: Rule, look: Look, wish: Wish): Query {
  const isGuests = look.dataset === 'guests';
  const parts: (Filter | undefined)[] = [
    isGuests ? { op: 'compare', column: 'template', is: '=', value: false } : undefined,
    narrowing(rule, look.narrow, wish),
    look.where,
  ];
  const of = parts.filter((part) => part !== undefined);
  const [only] = of;
  const where: Filter | undefined = of.length > 1 ? { op: 'and', of } : only;
  const { dataset, group, measure } = look;
  return {
    dataset,
    ...(where === undefined ? {} : { where }),
    ...(group === undefined ? { columns: [...look.columns] } : { group, measure }),
  };
}

/** Questions about the same rows are one, which asks for the columns of all. */
const keyOf = (query: Query): string => JSON.stringify({ ...query, columns: undefined });

/** What has to be asked for rules: each question once. */
export function queriesOf(rules: readonly Rule[], wish: Wish): Query[] {
  const byKey = new Map<string, Query>();
  for (const rule of rules) {
    for (const look of rule.looks) {
      const query = queryOf(rule, look, wish);
      const { columns: known = [] } = byKey.get(keyOf(query)) ?? {};
      const { columns } = query;
      byKey.set(
        keyOf(query),
        columns === undefined ? query : { ...query, columns: [...new Set([...known, ...columns])] },
      );
    }
  }
  return [...byKey.values()];
}

/** What the rules say of the targets, by the answers to their questions. */
export function evaluate(
  rules: readonly Rule[],
  answers: readonly Answered[],
  { wish, scope, now, thresholds }: { wish: Wish; scope: Scope; now: number; thresholds: Thresholds },
): Judged[] {
  const seen = new Map(answers.map(({ query, rows, lacks }) => [keyOf(query), { rows: rows.map(factsOf), lacks }]));
  return rules.flatMap((rule) => {
    const looks = rule.looks.map((look): Seen => seen.get(keyOf(queryOf(rule, look, wish))) ?? { rows: [], lacks: [] });
    const targets = scope[rule.about];
    if (targets.size === 0) return unlisted(rule, looks);
    return rule.judge(looks, { now, thresholds, targets }).map((check) => ({ rule, check }));
  });
}

/** Where not even the targets are known, a rule has passed nothing: it is unknown, of the cluster. */
function unlisted(rule: Rule, looks: readonly Seen[]): Judged[] {
  const whys = looks.flatMap(({ lacks }) => lacks.map(({ about, why }) => `${about}: ${why}`));
  const why = [...new Set(whys)].join('; ');
  return why === '' ? [] : [{ rule, check: { state: 'unknown', target: CLUSTER, why } }];
}

function factsOf({ id, cells, evidence }: Row): Facts {
  return {
    id,
    value: (column) => cells[column] ?? null,
    at: (column) => evidence[column] ?? 'unknown: it was not asked for',
  };
}
