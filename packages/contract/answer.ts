import { z } from 'zod';
import { Plan } from './plan.ts';

/** Units of cells and values. `fraction` is 1 = 100%; `time` is seconds since 1970; `rate` is bytes per second. */
export const Unit = z.enum([
  'bytes',
  'fraction',
  'seconds',
  'time',
  'count',
  'rate',
  'guests',
  'nodes',
  'vcpus',
  'mhz',
  'days',
  'yes_no',
  'text',
]);
export type Unit = z.infer<typeof Unit>;

/** A raw value in base units; null means unknown, and the cell's evidence says why. */
export const CellValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
export type CellValue = z.infer<typeof CellValue>;

/** One request to Proxmox. `status` 0 stands for a request that got no answer; `path` carries its query string. */
export const Call = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  path: z.string(),
  status: z.int(),
  ms: z.number(),
  error: z.string().optional(),
});
export type Call = z.infer<typeof Call>;

export const Column = z.object({
  key: z.string(),
  label: z.string(),
  unit: Unit.optional(),
});
export type Column = z.infer<typeof Column>;

export const Row = z.object({
  id: z.string(),
  cells: z.record(z.string(), CellValue),
  evidence: z.record(z.string(), z.string()),
});
export type Row = z.infer<typeof Row>;

/** The single figure of a "how many", "total", "average" or yes/no question. `of` says how it was made. */
export const Value = z.object({
  number: z.number().nullable(),
  unit: z.string(),
  of: z.string(),
});
export type Value = z.infer<typeof Value>;

export const View = z.object({
  dataset: z.string(),
  title: z.string(),
  columns: z.array(Column),
  rows: z.array(Row),
  value: Value.optional(),
  summary: z.string().optional(),
});
export type View = z.infer<typeof View>;

export const Severity = z.enum(['info', 'warning', 'critical']);
export type Severity = z.infer<typeof Severity>;

export const Finding = z.object({
  severity: Severity,
  about: z.string(),
  code: z.string(),
  text: z.string(),
  next_step: z.string().optional(),
  evidence: z.array(z.string()),
});
export type Finding = z.infer<typeof Finding>;

/**
 * What is wrong with an order, in one word that programs decide by. `no_privilege`: Proxmox does not let us; `would_fail`:
 * its rehearsal failed. Those before tell of a value that was given.
 */
export const RefusalReason = z.enum([
  'required',
  'not_found',
  'exists',
  'ambiguous',
  'too_small',
  'too_big',
  'not_acceptable',
  'no_privilege',
  'would_fail',
]);
export type RefusalReason = z.infer<typeof RefusalReason>;

/** One thing that is in the way of an order, beside its words: for programs. */
export const InTheWay = z.object({
  text: z.string(),
  next_step: z.string(),
  /** The input of the action that it is about; without one, the cluster as it is stands in the way. */
  input: z.string().optional(),
  reason: RefusalReason.optional(),
  /** Which of several orders it is about, from 0. */
  order: z.int().optional(),
});
export type InTheWay = z.infer<typeof InTheWay>;

/** A question back. `say` is what to answer in order to take the option. */
export const Clarification = z.object({
  question: z.string(),
  options: z.array(z.object({ label: z.string(), say: z.string() })),
  /** Of an order that was understood and cannot be carried out: everything that is in its way. */
  in_the_way: z.array(InTheWay).optional(),
});
export type Clarification = z.infer<typeof Clarification>;

const common = {
  request: z.string(),
  conversation_id: z.string(),
  engine: z.enum(['builtin', 'llm']),
  text: z.string(),
  calls: z.array(Call),
};

/** The answer to a request: CONTRACT's object, told apart by `kind`. */
export const Answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), ...common, view: View.optional(), findings: z.array(Finding) }),
  z.object({ kind: z.literal('plan'), ...common, plan: Plan, findings: z.array(Finding) }),
  z.object({ kind: z.literal('clarification'), ...common, clarification: Clarification, findings: z.array(Finding) }),
  z.object({ kind: z.literal('unavailable'), ...common, reason: z.string(), findings: z.array(Finding) }),
  z.object({ kind: z.literal('out_of_scope'), ...common, reason: z.string(), findings: z.array(Finding) }),
  z.object({ kind: z.literal('error'), ...common, reason: z.string(), findings: z.array(Finding) }),
]);
export type Answer = z.infer<typeof Answer>;
export type AnswerKind = Answer['kind'];

/** What comes in: the words, and the conversation that they continue. */
export const AskRequest = z.object({
  request: z.string(),
  conversation_id: z.string().optional(),
});
export type AskRequest = z.infer<typeof AskRequest>;
