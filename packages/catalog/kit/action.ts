import type { Change, Fact, Risk, Step, TaskForm } from '@pxa/contract';
import type { Planning } from './planning.ts';

/**
 * What a slot of a sentence may hold. `size` is bytes, `duration` seconds, `flag` yes or no; `choice` one of `values`;
 * `name` what something new is to be called; `word` one word of any other kind; `text` the rest of the words or what
 * stands in quotes; `guests` row ids. The others are names of such things that the cluster has, or numbers of theirs.
 */
export type SlotKind =
  | 'size'
  | 'count'
  | 'duration'
  | 'flag'
  | 'choice'
  | 'name'
  | 'word'
  | 'words'
  | 'text'
  | 'address'
  | 'url'
  | 'clock'
  | 'schedule'
  | 'node'
  | 'storage'
  | 'pool'
  | 'user'
  | 'guest'
  | 'guests'
  | 'vmid'
  | 'disk'
  | 'nic'
  | 'bridge';

/** What is handed to an action for a slot. */
export type SlotValue<K extends SlotKind> = K extends 'size' | 'count' | 'duration' | 'vmid'
  ? number
  : K extends 'flag'
    ? boolean
    : K extends 'words' | 'guests'
      ? readonly string[]
      : string;

/** Something that an action is told beside what it acts on. */
export interface Input<K extends SlotKind = SlotKind> {
  readonly kind: K;
  /**
   * How it is said, after the verb or before what is made, in any order; `{}` is the value: `with {} cores`. The form
   * is that of `Action.say`. For a flag, wordings without `{}` mean yes.
   */
  readonly say: readonly string[];
  /** For a flag: the wordings that mean no. */
  readonly no?: readonly string[];
  /** The words for each value of a choice: `{ snapshot: 'online|live' }`. */
  readonly values?: Readonly<Record<string, string>>;
  /** What is asked where it was not said. Without it, it may be left out. */
  readonly ask?: string;
}

export type Inputs = Readonly<Record<string, Input>>;
export type Given<I extends Inputs> = { readonly [K in keyof I]?: SlotValue<I[K]['kind']> };

/** What an action acts on: rows of a dataset, one piece of the plan each. */
export interface ActsOn {
  readonly dataset: 'guests' | 'nodes' | 'storage' | 'backup-jobs' | 'pools' | 'users';
  /** Of guests: only these. */
  readonly type?: 'qemu' | 'lxc';
  /** Whether templates are meant, too: orders to guests leave them out. */
  readonly templates?: boolean;
}

/** One call of a piece, and how it is carried out; the steps of a piece run one after the other. */
export interface PieceStep extends Step {
  readonly node: string;
  /** The tasks that Proxmox may begin for it; none where it is done when it is answered. */
  readonly tasks?: readonly TaskForm[];
  /** How long it may take; a day where nothing tells. */
  readonly limitSeconds?: number;
  /** What must still be so right before it. */
  readonly relies?: readonly Fact[];
  /** What must be so after it. */
  readonly expects?: readonly Fact[];
  /** What takes it back if a later step fails. */
  readonly undo?: readonly Step[];
}

/** The part of a plan that is about one thing. */
export interface Piece {
  /** In words, as an order: `Start VM 104 build-agent`. */
  readonly says: string;
  readonly steps: readonly PieceStep[];
  /** Where it is another than the action's. */
  readonly risk?: Risk;
  readonly assumptions?: readonly string[];
  readonly warnings?: readonly string[];
  readonly changes?: readonly Change[];
  /** What is lost for good, in words. */
  readonly loses?: readonly string[];
  /** The name that has to be typed before it is approved. */
  readonly confirm?: string;
  /** What would take it back, once it is done. */
  readonly undo?: { readonly action: string; readonly input: Readonly<Record<string, unknown>> };
}

/** What came of planning for one thing. */
export type Planned =
  | { readonly kind: 'piece'; readonly piece: Piece }
  /** It is so already: nothing to do, and why. */
  | { readonly kind: 'already'; readonly text: string }
  /** It cannot be done as things are: everything that is in the way. */
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  /** More than one thing could be meant. */
  | { readonly kind: 'ask'; readonly question: string; readonly options: readonly { label: string; say: string }[] };

/** What stands in the way, and what could be done about it. */
export interface Refusal {
  readonly why: string;
  readonly next: string;
  /** What could be said instead. */
  readonly say?: string;
}

/** What an action is handed to plan one piece. */
export interface PlanFor<I extends Inputs> {
  /** The row id of what it acts on; empty for an action that makes something new. */
  readonly target: string;
  readonly input: Given<I>;
  /** Which of how many pieces this is, from 0: names that are made up differ by it. */
  readonly index: number;
}

/** Something that can be done: its words, and how it is planned. */
export interface Action<I extends Inputs = Inputs> {
  /** `guest.start`; unique in the catalogue. */
  readonly id: string;
  /** What it does, as an order without its object: `start`, `change the memory of`. */
  readonly verb: string;
  readonly risk: Risk;
  readonly on?: ActsOn;
  /**
   * How it is said. Words in a row; `(start|boot|power on)` one of these; `[new]` may be left out; `{on}` what it acts
   * on; `{memory}` an input; `{*}` inputs, as many as are said.
   */
  readonly say: readonly string[];
  readonly input: I;
  readonly plan: (planning: Planning, of: PlanFor<I>) => Promise<Planned>;
  readonly examples: readonly ActionExample[];
}

/** An order and what it must send, as `METHOD PATH key=value …`, planned on the demo cluster as a test; or the kind of answer. */
export interface ActionExample {
  readonly say: string;
  readonly sends: readonly string[] | 'answer' | 'clarification';
}

/** Declares an action; the catalogue sees it without its inputs' types. */
export function action<const I extends Inputs>(definition: Action<I>): Action {
  // Inputs are only ever handed over as the slots of this very definition were filled.
  return definition as unknown as Action;
}

export const piece = (of: Piece): Planned => ({ kind: 'piece', piece: of });
export const already = (text: string): Planned => ({ kind: 'already', text });
export const refused = (...refusals: readonly Refusal[]): Planned => ({ kind: 'refused', refusals });
