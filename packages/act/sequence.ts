import type { Piece, PieceStep, Planning } from '@pxa/catalog';
import type { Change, Fact } from '@pxa/contract';
import type { Draft } from './draft.ts';
import { canonical } from './hash.ts';

/**
 * A plan with what a later order adds to it. A change of the configuration that a piece of the order right before it
 * changes as well becomes one with that: Proxmox takes both in one call, and either all of it or nothing is done.
 */
export async function joined(whole: Draft, next: Draft, turn: number, planning: Planning): Promise<Draft> {
  const pieces = [...whole.pieces];
  const targets = [...whole.targets];
  const turns = [...whole.turns];
  for (const [index, piece] of next.pieces.entries()) {
    const target = next.targets[index] ?? '';
    const last = targets.lastIndexOf(target);
    // Nothing else is done in between.
    const before = turns[last] === Math.max(...turns.filter((each) => each < turn)) ? pieces[last] : undefined;
    const one = before === undefined || target === '' ? undefined : asOne(before, piece);
    if (one !== undefined) {
      pieces[last] = one;
      continue;
    }
    const isTouched = last >= 0 || sharesDigest(pieces, piece);
    pieces.push(isTouched ? await withoutDigest(piece, target, planning) : piece);
    targets.push(target);
    turns.push(turn);
  }
  return { ...whole, pieces, targets, turns };
}

/** Two changes of one configuration as one; undefined where they are not that, or one takes away what the other sets. */
function asOne(first: Piece, second: Piece): Piece | undefined {
  const [a, b] = [onlyChange(first), onlyChange(second)];
  if (a === undefined || b === undefined || a.path !== b.path || a.params['digest'] !== b.params['digest'])
    return undefined;
  if (a.params['delete'] !== undefined || b.params['delete'] !== undefined) return undefined;
  const step: PieceStep = {
    ...a,
    params: { ...a.params, ...b.params },
    says: `${a.says}; ${b.says}`,
    relies: distinct([...(a.relies ?? []), ...(b.relies ?? [])]),
    expects: [...(a.expects ?? []).filter((fact) => !(b.expects ?? []).some(isSameAs(fact))), ...(b.expects ?? [])],
  };
  const { undo: _undo, ...rest } = first;
  const undo = undoOfBoth(first, second);
  return {
    ...rest,
    says: `${first.says}; ${second.says}`,
    steps: [step],
    ...(second.risk === undefined || first.risk === 'destructive' ? {} : { risk: greater(first, second) }),
    assumptions: [...(first.assumptions ?? []), ...(second.assumptions ?? [])],
    warnings: [...(first.warnings ?? []), ...(second.warnings ?? [])],
    changes: changesOfBoth(first.changes ?? [], second.changes ?? []),
    loses: [...(first.loses ?? []), ...(second.loses ?? [])],
    ...(undo === undefined ? {} : { undo }),
  };
}

/** The only step of a piece, where it is a change of a guest's configuration. */
function onlyChange({ steps, confirm }: Piece): PieceStep | undefined {
  const [step, ...more] = steps;
  const isChange =
    step?.method === 'PUT' && /^\/nodes\/[^/]+\/(?:qemu|lxc)\/\d+\/config$/.test(step.path) && confirm === undefined;
  return isChange && more.length === 0 ? step : undefined;
}

function greater(a: Piece, b: Piece): NonNullable<Piece['risk']> {
  const weights = ['change', 'disruptive', 'destructive'] as const;
  const weight = ({ risk = 'change' }: Piece): number => weights.indexOf(risk);
  return weights[Math.max(weight(a), weight(b))] ?? 'destructive';
}

const isSameAs =
  ({ read, at }: Fact) =>
  (other: Fact): boolean =>
    canonical({ read, at }) === canonical({ read: other.read, at: other.at });

function distinct(facts: readonly Fact[]): Fact[] {
  return [...new Map(facts.map((fact) => [canonical(fact), fact])).values()];
}

/** What was before the first of both, and is after the second. */
function changesOfBoth(first: readonly Change[], second: readonly Change[]): Change[] {
  const later = second.map((change) => {
    const same = first.find(({ about, key }) => about === change.about && key === change.key);
    return same === undefined ? change : { ...change, before: same.before };
  });
  return [...first.filter(({ key }) => second.every((change) => change.key !== key)), ...later];
}

/** Both were planned to go back to what their configuration was; what the first found was there before. */
function undoOfBoth({ undo: a }: Piece, { undo: b }: Piece): Piece['undo'] {
  if (a?.action !== 'guest.set' || b?.action !== 'guest.set') return undefined;
  const [before, later] = [a, b].map(({ input }): unknown => JSON.parse(String(input['values'])));
  return { action: 'guest.set', input: { values: JSON.stringify(Object.assign({}, later, before)) } };
}

const isDigest = ({ at }: Fact): boolean => at.at(-1) === 'digest';

/** Whether an earlier step changes what a piece was planned on by its digest. */
function sharesDigest(pieces: readonly Piece[], piece: Piece): boolean {
  const readsOf = (of: Piece): string[] =>
    of.steps.flatMap(({ relies = [] }) => relies.filter(isDigest).map(({ read }) => read.path));
  const known = new Set(pieces.flatMap(readsOf));
  return readsOf(piece).some((path) => known.has(path));
}

/**
 * A piece about something that an earlier step changes: what it is like by then has a digest that nobody knows yet, so
 * that it relies on the values themselves that it changes.
 */
async function withoutDigest(piece: Piece, target: string, planning: Planning): Promise<Piece> {
  const values = /^(?:qemu|lxc)\//.test(target) ? (await planning.guest(target)).config : {};
  return { ...piece, steps: piece.steps.map((step, index) => withValues(step, index === 0 ? values : {})) };
}

function withValues(step: PieceStep, values: Readonly<Record<string, unknown>>): PieceStep {
  const { digest, ...params } = step.params;
  const relies = (step.relies ?? []).filter((fact) => !isDigest(fact));
  const isConfig = digest !== undefined && /\/(?:qemu|lxc)\/\d+\/config$/.test(step.path);
  const gone = typeof params['delete'] === 'string' ? params['delete'].split(',') : [];
  const keys = isConfig ? [...Object.keys(params).filter((key) => key !== 'delete'), ...gone] : [];
  const facts = keys.flatMap((key): Fact[] => {
    const is = values[key] ?? null;
    if (typeof is === 'object' && is !== null) return [];
    const read = { path: step.path, params: {} };
    // A configuration holds texts and numbers.
    return [{ about: `${key} of ${step.path}`, read, at: [key], is: is as Fact['is'] }];
  });
  return { ...step, params, relies: [...relies, ...facts] };
}
