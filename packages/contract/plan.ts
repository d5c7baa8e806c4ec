import { z } from 'zod';

/** `destructive`: data or configuration is lost. `disruptive`: somebody who uses it notices. `change`: the rest. */
export const Risk = z.enum(['change', 'disruptive', 'destructive']);
export type Risk = z.infer<typeof Risk>;

/** One call to Proxmox that changes something: exactly what is sent, and what it does in words. */
export const Step = z.object({
  method: z.enum(['POST', 'PUT', 'DELETE']),
  /** Without /api2/json. */
  path: z.string(),
  params: z.record(z.string(), z.unknown()),
  says: z.string(),
});
export type Step = z.infer<typeof Step>;

/** A read of Proxmox's API, by its concrete path without /api2/json. */
export const ReadOf = z.object({ path: z.string(), params: z.record(z.string(), z.unknown()) });
export type ReadOf = z.infer<typeof ReadOf>;

/**
 * Something that a fresh read can tell to hold or not: what a plan was made on, and what must be so after it. `at` leads
 * into what was read, key by key; a key `[vmid=104]` picks the element of an array, and several in a row
 * (`[path=/]`, `[ugid=anna@pve]`) pick the one that they all fit. `[ctime>1771840800]` picks by a number that is greater.
 * `is` null: it is not there.
 */
export const Fact = z.object({
  /** In words: `status of VM 104 build-agent-01`. */
  about: z.string(),
  read: ReadOf,
  at: z.array(z.string()),
  /** `at` leads into what stands beside the data of the answer, as `changes` of a node's network. */
  beside: z.literal(true).optional(),
  is: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  /**
   * `parts`: what is found is a property string that holds at least these parts, where Proxmox adds some itself (a MAC
   * address, a size). `known`: it is there, whatever it is. `not`: it is anything but this. `less`, `more`: it is a smaller
   * or greater number. The same value where left out.
   */
  how: z.enum(['parts', 'known', 'not', 'less', 'more']).optional(),
});
export type Fact = z.infer<typeof Fact>;

/** What is about to change, before and after, as a person compares it. Null: it is not there. */
export const Change = z.object({
  about: z.string(),
  key: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type Change = z.infer<typeof Change>;

/** How the plan went on a twin of the cluster. `seconds` are the twin's: what it would take. */
export const Rehearsal = z.object({
  outcome: z.enum(['ok', 'failed', 'not_possible']),
  seconds: z.number().nullable(),
  /** In words; where it failed, what failed and why. */
  text: z.string(),
  /** The step that failed, from 0. */
  failed_step: z.int().optional(),
});
export type Rehearsal = z.infer<typeof Rehearsal>;

/** What would be done, exactly: nothing has been changed yet. Shown to a person, who approves its hash. */
export const Plan = z.object({
  id: z.string(),
  /** Covers every call, its parameters, the state that it was planned on, and the cluster. */
  hash: z.string(),
  expires_at: z.string(),
  risk: Risk,
  /** In words: `Start VM 104 build-agent-01`. */
  says: z.string(),
  steps: z.array(Step),
  assumptions: z.array(z.string()),
  warnings: z.array(z.string()),
  changes: z.array(Change),
  /** The calls that take it back if a later step fails, in the order of the steps that they are for. */
  takes_back: z.array(Step).optional(),
  /** What is lost for good. */
  loses: z.array(z.string()),
  /** What has to be typed to approve: the name of what is lost. */
  confirm: z.string().optional(),
  rehearsal: Rehearsal.optional(),
});
export type Plan = z.infer<typeof Plan>;

/** The task that a step begins: by this it is found again after a crash. */
export const TaskForm = z.object({
  type: z.string(),
  /** The UPID's id field: the vmid, mostly. */
  id: z.string(),
  /** That it runs on the node that takes the request in, whichever that is. */
  at_entry: z.literal(true).optional(),
});
export type TaskForm = z.infer<typeof TaskForm>;

/** A file of the computer that a request came from, as it was when it was planned with. */
export const LocalFile = z.object({
  /** The whole path. */
  path: z.string(),
  bytes: z.int(),
  /** In hexadecimal digits, lower case. */
  sha256: z.string(),
});
export type LocalFile = z.infer<typeof LocalFile>;

/** What carrying a step out needs beyond the call that is shown; step by step beside `plan.steps`. */
export const StepRecord = z.object({
  /** The row id of what it acts on: `qemu/104`. */
  about: z.string(),
  /** The node whose work it is, for how many may be under way there. */
  node: z.string(),
  /** What must still be so before the call is made. */
  relies_on: z.array(Fact),
  /** What must be so after it; where its fate is unknown, this tells. */
  expects: z.array(Fact),
  /** The steps, from 0, that must have ended well before. */
  after: z.array(z.int()),
  /** Any of these tasks is the step's; empty for a call that is done when it is answered. */
  tasks: z.array(TaskForm),
  limit_seconds: z.int(),
  /** How long after the end of its task what it expects may take to come true: HA acts in its own time. */
  settle_seconds: z.int().optional(),
  /** What takes this step back if a later one fails; shown with the plan. */
  undo: z.array(Step),
  /** What goes along with the call, and must still be so when it is sent. */
  file: LocalFile.optional(),
});
export type StepRecord = z.infer<typeof StepRecord>;

/** Who asked or approved: a name, and the door through which they came. Never words of the cluster or of a model. */
export const Person = z.object({ name: z.string(), door: z.enum(['terminal', 'command_line', 'rest', 'web', 'mcp']) });
export type Person = z.infer<typeof Person>;

/** A plan as it is kept. */
export const PlanRecord = z.object({
  plan: Plan,
  created_at: z.string(),
  /** Which cluster: plans are carried out on no other. */
  cluster: z.string(),
  requested_by: Person,
  /** The words, as they were said. */
  request: z.string(),
  action: z.string(),
  records: z.array(StepRecord),
  on_failure: z.enum(['stop', 'go_on']),
  /** The request that would take it all back, where there is one: a step list planned anew when asked for. */
  undo: z
    .object({ action: z.string(), targets: z.array(z.string()), input: z.record(z.string(), z.unknown()) })
    .optional(),
});
export type PlanRecord = z.infer<typeof PlanRecord>;
