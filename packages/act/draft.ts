import { ask, type Run } from '@pxa/ask';
import {
  CannotPlan,
  type Action,
  type LocalFiles,
  type Piece,
  type Planned,
  type Planning,
  type Question,
  type Refusal,
  type Thresholds,
} from '@pxa/catalog';
import type { Command, CommandPart, PlanRecord, Query, Risk, StepRecord } from '@pxa/contract';
import { Foreseen } from './foreseen.ts';
import { createPlanning } from './planning.ts';
import { joined } from './sequence.ts';

/** What came of a command before anybody is asked: a plan without id, an end to be told, or a question. */
export type Drafted =
  | { readonly kind: 'draft'; readonly draft: Draft }
  | { readonly kind: 'already'; readonly texts: readonly string[] }
  /** `turn` is which of several orders it is about, from 0. */
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[]; readonly turn?: number }
  | (Question & { readonly turn?: number });

/** What is to be done, from a fresh read; ids, times and the hash come with its proposal. */
export interface Draft {
  /** The action; of several orders, that of the first. */
  readonly action: string;
  readonly pieces: readonly Piece[];
  /** The row ids that the pieces are about. */
  readonly targets: readonly string[];
  /** Of which order the pieces are, from 0: those of one wait for all of the one before. */
  readonly turns: readonly number[];
  readonly left: readonly string[];
}

/** How many guests are planned for at the same time; each takes a few reads. */
const plannedAtOnce = 16;
/** A plan of more than this nobody can read. */
const mostTargets = 1_000;

interface Deps {
  readonly run: Run;
  readonly actions: ReadonlyMap<string, Action>;
  readonly thresholds: Thresholds;
  readonly self: string;
  readonly files?: LocalFiles | undefined;
}

/**
 * Plans a command on the cluster as it is now; of several orders, each on what the ones before it leave. `self` is who we
 * are to it, as its tasks name it.
 */
export async function draftPlan(command: Command, deps: Deps): Promise<Drafted> {
  const foreseen = new Foreseen();
  const planning = createPlanning(deps, foreseen);
  const orders: readonly CommandPart[] = [command, ...(command.later ?? [])];
  let whole: Draft | undefined;
  const left: string[] = [];
  for (const [turn, order] of orders.entries()) {
    const drafted = await draftOrder(order, planning, deps);
    if (drafted.kind === 'already') left.push(...drafted.texts);
    else if (drafted.kind === 'ask') return { ...drafted, turn, options: drafted.options.map(wholeWith(orders, turn)) };
    // What is in the way of one is in the way of all: nobody is asked to approve a half.
    else if (drafted.kind === 'refused') return { ...drafted, turn };
    else {
      const { draft } = drafted;
      whole = whole === undefined ? draft : await joined(whole, draft, turn, planning);
      left.push(...draft.left);
      if (turn + 1 < orders.length) foreseen.add(draft.pieces, await nodesOf(planning));
    }
  }
  return whole === undefined ? { kind: 'already', texts: left } : { kind: 'draft', draft: { ...whole, left } };
}

interface Option {
  readonly label: string;
  readonly say: string;
}

/** What is offered in the stead of one of several orders, said together with the others. */
function wholeWith(orders: readonly CommandPart[], turn: number): (option: Option) => Option {
  const words = orders.flatMap((order) => order.words ?? []);
  // Orders that a program made have no words.
  if (orders.length < 2 || words.length < orders.length) return (option) => option;
  return ({ label, say }) => ({ label, say: words.with(turn, say).join(', then ') });
}

/** The node that each guest is on now. */
async function nodesOf(planning: Planning): Promise<(vmid: string) => string | undefined> {
  const got = await planning.list('/cluster/resources', {});
  const rows = got.ok ? got.data : [];
  const nodes = new Map(rows.map(({ data }) => [String(data['vmid']), String(data['node'])]));
  return (vmid) => nodes.get(vmid);
}

async function draftOrder(
  order: CommandPart,
  planning: Planning,
  { run, actions, thresholds }: Deps,
): Promise<Drafted> {
  const action = actions.get(order.action);
  if (action === undefined) throw new Error(`the catalogue has no action ${order.action}`);
  const targets = await targetsOf(order, action, run, thresholds);
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
    planned.push(...(await Promise.all(some.map((target, n) => planOne(action, planning, order, target, from + n)))));
  }
  return gathered(action, targets, planned);
}

async function targetsOf(
  command: CommandPart,
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
  command: CommandPart,
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
function gathered(action: Action, targets: readonly string[], planned: readonly Planned[]): Drafted {
  const refusals = planned.flatMap((each) => (each.kind === 'refused' ? each.refusals : []));
  if (refusals.length > 0) return { kind: 'refused', refusals };
  const question = planned.find((each) => each.kind === 'ask');
  if (question !== undefined) return question;
  const texts = planned.flatMap((each) => (each.kind === 'already' ? [each.text] : []));
  const pieces = planned.flatMap((each) => (each.kind === 'piece' ? [each.piece] : []));
  if (pieces.length === 0) return { kind: 'already', texts };
  const acted = targets.filter((_, index) => planned[index]?.kind === 'piece');
  // Beside pieces of other orders, each has to know its risk by itself.
  const risky = pieces.map((piece) => ({ ...piece, risk: piece.risk ?? action.risk }));
  const draft = { action: action.id, pieces: risky, targets: acted, turns: risky.map(() => 0), left: texts };
  return { kind: 'draft', draft };
}

const weights: Record<Risk, number> = { change: 0, disruptive: 1, destructive: 2 };

/** The greatest risk of the pieces; the action's where they name none. */
export function riskOf(pieces: readonly Piece[], usual: Risk): Risk {
  return pieces.map(({ risk }) => risk ?? usual).reduce((a, b) => (weights[a] >= weights[b] ? a : b), 'change');
}

/** A day: for what nothing tells the length of, such as the copy of a large disk. */
const longest = 24 * 3_600;

/**
 * The records of all steps, in the order of the plan; the steps of a piece wait for each other, the pieces of an order do
 * not, and each order waits for the whole of the one before.
 */
export function recordsOf({ pieces, targets, turns }: Draft): StepRecord[] {
  const records: StepRecord[] = [];
  const ends: { turn: number; at: number }[] = [];
  pieces.forEach((piece, index) => {
    const turn = turns[index] ?? 0;
    const before = Math.max(-1, ...ends.map((end) => end.turn).filter((each) => each < turn));
    const first = ends.filter((end) => end.turn === before).map(({ at }) => at);
    piece.steps.forEach((step, n) => {
      records.push({
        about: targets[index] ?? '',
        node: step.node,
        relies_on: [...(step.relies ?? [])],
        expects: [...(step.expects ?? [])],
        after: n === 0 ? first : [records.length - 1],
        tasks: [...(step.tasks ?? [])],
        limit_seconds: step.limitSeconds ?? longest,
        ...(step.settleSeconds === undefined ? {} : { settle_seconds: step.settleSeconds }),
        undo: [...(step.undo ?? [])],
        ...(step.file === undefined ? {} : { file: step.file }),
      });
    });
    ends.push({ turn, at: records.length - 1 });
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
