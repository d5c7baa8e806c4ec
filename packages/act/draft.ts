import { ask, type Run } from '@pxa/ask';
import {
  CannotPlan,
  type Action,
  type Piece,
  type Planned,
  type Planning,
  type Refusal,
  type Thresholds,
} from '@pxa/catalog';
import type { Command, PlanRecord, Query, Risk, StepRecord } from '@pxa/contract';
import { createPlanning } from './planning.ts';

/** What came of a command before anybody is asked: a plan without id, an end to be told, or a question. */
export type Drafted =
  | { readonly kind: 'draft'; readonly draft: Draft }
  | { readonly kind: 'already'; readonly texts: readonly string[] }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'ask'; readonly question: string; readonly options: readonly { label: string; say: string }[] };

/** What is to be done, from a fresh read; ids, times and the hash come with its proposal. */
export interface Draft {
  readonly action: string;
  readonly pieces: readonly Piece[];
  /** The row ids that the pieces are about. */
  readonly targets: readonly string[];
  readonly left: readonly string[];
}

/** How many guests are planned for at the same time; each takes a few reads. */
const plannedAtOnce = 16;
/** A plan of more than this nobody can read. */
const mostTargets = 1_000;

/** Plans a command on the cluster as it is now. `self` is who we are to it, as its tasks name it. */
export async function draftPlan(
  command: Command,
  {
    run,
    actions,
    thresholds,
    self,
  }: { run: Run; actions: ReadonlyMap<string, Action>; thresholds: Thresholds; self: string },
): Promise<Drafted> {
  const action = actions.get(command.action);
  if (action === undefined) throw new Error(`the catalogue has no action ${command.action}`);
  const planning = createPlanning(run, thresholds, self);
  const targets = await targetsOf(command, action, run, thresholds);
  if (targets.length === 0) {
    return {
      kind: 'refused',
      refusals: [{ why: 'No guest is chosen by that.', next: 'Ask for the list first, and see.' }],
    };
  }
  if (targets.length > mostTargets) {
    const why = `That would be about ${targets.length} guests; a plan holds ${mostTargets} at the most.`;
    return { kind: 'refused', refusals: [{ why, next: 'Choose fewer: by tag, pool or node.' }] };
  }
  const planned: Planned[] = [];
  for (let from = 0; from < targets.length; from += plannedAtOnce) {
    const some = targets.slice(from, from + plannedAtOnce);
    planned.push(...(await Promise.all(some.map((target, n) => planOne(action, planning, command, target, from + n)))));
  }
  return gathered(command, targets, planned);
}

async function targetsOf(
  command: Command,
  action: Action,
  run: Run,
  thresholds: Thresholds,
): Promise<readonly string[]> {
  if (action.on === undefined) return [''];
  if (command.selection === undefined) return command.targets;
  // The language made it a query of the action's dataset.
  const query = command.selection as Query;
  const { view } = await ask(run, query, thresholds);
  const { type } = action.on;
  return view.rows.map(({ id }) => id).filter((id) => type === undefined || id.startsWith(`${type}/`));
}

async function planOne(
  action: Action,
  planning: Planning,
  command: Command,
  target: string,
  index: number,
): Promise<Planned> {
  const type = action.on?.type;
  if (type !== undefined && !target.startsWith(`${type}/`)) {
    const kind = type === 'qemu' ? 'VMs' : 'containers';
    return {
      kind: 'refused',
      refusals: [
        { why: `Only ${kind} can be told to ${action.verb}; ${target} is none.`, next: `Name one of the ${kind}.` },
      ],
    };
  }
  try {
    return await action.plan(planning, { target, input: command.input as never, index });
  } catch (error) {
    if (error instanceof CannotPlan) return { kind: 'refused', refusals: [error.refusal] };
    throw error;
  }
}

/** One plan of all pieces. What is in the way of one is in the way of all: nobody is asked to approve a half. */
function gathered(command: Command, targets: readonly string[], planned: readonly Planned[]): Drafted {
  const refusals = planned.flatMap((each) => (each.kind === 'refused' ? each.refusals : []));
  if (refusals.length > 0) return { kind: 'refused', refusals };
  const question = planned.find((each) => each.kind === 'ask');
  if (question !== undefined) return question;
  const texts = planned.flatMap((each) => (each.kind === 'already' ? [each.text] : []));
  const pieces = planned.flatMap((each) => (each.kind === 'piece' ? [each.piece] : []));
  if (pieces.length === 0) return { kind: 'already', texts };
  const acted = targets.filter((_, index) => planned[index]?.kind === 'piece');
  return { kind: 'draft', draft: { action: command.action, pieces, targets: acted, left: texts } };
}

const weights: Record<Risk, number> = { change: 0, disruptive: 1, destructive: 2 };

/** The greatest risk of the pieces; the action's where they name none. */
export function riskOf(pieces: readonly Piece[], usual: Risk): Risk {
  return pieces.map(({ risk }) => risk ?? usual).reduce((a, b) => (weights[a] >= weights[b] ? a : b), 'change');
}

/** A day: for what nothing tells the length of, such as the copy of a large disk. */
const longest = 24 * 3_600;

/** The records of all steps, in the order of the plan; the steps of a piece wait for each other, the pieces do not. */
export function recordsOf(pieces: readonly Piece[], targets: readonly string[]): StepRecord[] {
  const records: StepRecord[] = [];
  pieces.forEach((piece, index) => {
    piece.steps.forEach((step, n) => {
      records.push({
        about: targets[index] ?? '',
        node: step.node,
        relies_on: [...(step.relies ?? [])],
        expects: [...(step.expects ?? [])],
        after: n === 0 ? [] : [records.length - 1],
        tasks: [...(step.tasks ?? [])],
        limit_seconds: step.limitSeconds ?? longest,
        ...(step.settleSeconds === undefined ? {} : { settle_seconds: step.settleSeconds }),
        undo: [...(step.undo ?? [])],
      });
    });
  });
  return records;
}

/** Undone by one request, where all pieces are undone in the same way. */
export function undoOf({ pieces, targets }: Draft): PlanRecord['undo'] {
  const [first] = pieces;
  if (first?.undo === undefined) return undefined;
  const same = pieces.every(({ undo }) => JSON.stringify(undo) === JSON.stringify(first.undo));
  if (!same) return undefined;
  return { action: first.undo.action, targets: [...targets], input: { ...first.undo.input } };
}
