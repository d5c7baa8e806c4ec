import type { Change, Fact, Instant, LocalFile, RefusalReason, Risk, Step, TaskForm } from '@pxa/contract';
import type { Planning } from './planning.ts';

/**
 * What a slot of a sentence may hold, and what is handed over for it.
 *
 * - `size`: `8 GB`, `512M`, `8 gigs` (binary): bytes. A number without a unit is asked about; `-5 GB` is negative.
 * - `count`: `2`, `two`, `a couple of`, `-1`; `a` and `another` are 1. `duration`: `5 minutes`: seconds.
 * - `time`: `30 days` (ago), `March`, `last Tuesday`, `5 February`, `2026-02-01`: an instant, for `planning.instant`.
 * - `flag`: `on`, `yes`, `enabled`, `off`, `no`, …; mostly it is said by wordings without `{}`.
 * - `choice`: a key of `values`, by that word itself or by the words for it.
 * - `name`: what something new is to be called, one word or what stands in quotes, as it was written: whether Proxmox
 *   takes it, the action tells. `word`: one word of any other kind. `words`: `web, prod and db`. `text`: what stands in
 *   quotes, or the words up to the end (or to where inputs begin that are understood).
 * - `address`: `10.0.50.5/24`, `fd00::5/64`, `dhcp`, `auto`. `url`: `https://…`.
 * - `path`: a file of the person's computer: `./debian.iso`, `~/x.img`, `debian.iso`, or what stands in quotes.
 * - `clock`: `2:30`, `2am`, `midnight`: `HH:MM`. `schedule`: `daily at 2:30`, `every sunday 01:00`, `every 2 hours`,
 *   `mon..fri 22:00`: a calendar event of Proxmox (`02:30`, `sun 01:00`). Days and time may be said apart, each by a
 *   wording of the input: with `['{}', 'at {}']`, "a daily backup of 101 at 2:30" is `02:30`.
 * - `node`, `storage`, `pool`: the name of one that there is; another name is asked about. `bridge`, `user`: by its form.
 * - `guest`: the row id (`qemu/101`) of one that there is; `guests`: row ids. `vmid`: a number, used or not.
 * - `disk`: a key of the configuration (`scsi0`), or `boot`, `1` (said "disk 1"), `#2` ("the second disk"), `` ("its
 *   disk"). `nic`: a key (`net1`), `#2`, ``.
 */
export type SlotKind =
  | 'size'
  | 'count'
  | 'duration'
  | 'time'
  | 'flag'
  | 'choice'
  | 'name'
  | 'word'
  | 'words'
  | 'text'
  | 'address'
  | 'url'
  | 'path'
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
      : K extends 'time'
        ? Instant
        : string;

/** Something that an action is told beside what it acts on. */
export interface Input<K extends SlotKind = SlotKind> {
  readonly kind: K;
  /**
   * How it is said; `{}` is the value, the form is that of `Action.say`: `with {} (cores|vcpus)`, `{} [of] memory`. It
   * holds wherever inputs may stand: after the order, in front of it ("on pve2, create …"), at `{*}`, in any order,
   * and in the words after an order that change it ("with 4 cores instead"). Words that join ("and", ",", "with", "it
   * should have") may stand before it, and `with`, `having`, `and` at its beginning may be left out. For a flag,
   * wordings without `{}` mean yes. An input that only stands in `Action.say` by its name needs none.
   */
  readonly say: readonly string[];
  /** For a flag: the wordings that mean no. */
  readonly no?: readonly string[];
  /** The words for each value of a choice: `{ snapshot: 'online|live' }`. */
  readonly values?: Readonly<Record<string, string>>;
  /** People have no words for it: programs give it, as the service does of a request's fields. */
  readonly byPrograms?: true;
  /** What is asked where it was not said: the next words are the answer. Without it, it may be left out. */
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
  /** How long after its end what it expects may take to come true: HA and the scheduler act in their own time. */
  readonly settleSeconds?: number;
  /** What must still be so right before it. */
  readonly relies?: readonly Fact[];
  /** What must be so after it. */
  readonly expects?: readonly Fact[];
  /** What takes it back if a later step fails. */
  readonly undo?: readonly Step[];
  /** What goes along with it, whose SHA-256 the call holds as its checksum. */
  readonly file?: LocalFile;
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
  | Question;

/** A question back. */
export interface Question {
  readonly kind: 'ask';
  readonly question: string;
  readonly options: readonly { label: string; say: string }[];
  /** The input of the action that it is about, and what is wrong with it: `required`, `ambiguous`, `not_found`. */
  readonly input?: string;
  readonly reason?: RefusalReason;
}

/** What stands in the way, and what could be done about it. */
export interface Refusal {
  readonly why: string;
  readonly next: string;
  /**
   * The input of the action whose value cannot be taken, or `on`: what it acts on can never be what this is done to.
   * Without one, the cluster as it is stands in the way.
   */
  readonly input?: string;
  /** What is wrong, in one word for programs. */
  readonly reason?: RefusalReason;
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
   * How it is said, from its verb on. Words in a row; `(start|boot|power on)` one of these; `[new]` may be left out;
   * `{on}` what it acts on; `{memory}` the value of an input; `{*}` inputs by their own wordings, as many as are said,
   * `{+}` at least one. Every template ends with `{*}`, written or not.
   *
   * - The first word is said as it stands here; others in the singular or plural. A hyphen may be a space.
   * - "please", "can you", "the", "a", "my", "now", "for me", … may stand anywhere and need not be written.
   * - `{on}` is names and numbers ("VM 101, 102 and web-02", "110 to 114"), what was said before ("it", "both", "the
   *   first one"), or a selection ("every VM with tag web"), which ends where a word of the action's templates follows.
   * - A word that chooses something is an input, not a word: `[{mode}] migrate {on}`, never `[live|offline] migrate`.
   * - A template begins with a verb: `(create|new) {*} vm`. "VM called x" is a question.
   * - Of the readings in which every word has a place, the one with the most words of the template wins; where two
   *   actions fit equally, it is asked. A word that has no place is asked about, never dropped.
   * - Where words break off before a slot ("rename web-01"), its value is asked for.
   */
  readonly say: readonly string[];
  readonly input: I;
  /** Proxmox answers it with a secret that it tells this once: who waits for the job is shown it, and it is kept nowhere. */
  readonly answersSecret?: true;
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

/** Refusals as being about an input, where they do not say so themselves: what was found wrong by something shared. */
export const about = (input: string, refusals: readonly Refusal[]): Refusal[] =>
  refusals.map((each) => ({ input, ...each }));
