import { draftPlan, proposalOf, defaultRules, rehearsePlan } from '@pxa/act';
import { Run } from '@pxa/ask';
import { actions, datasets, defaultThresholds } from '@pxa/catalog';
import type { Approval, Person, PlanRecord } from '@pxa/contract';
import { Language } from '@pxa/language';
import { readInventory } from '../packages/assistant/inventory.ts';

type Reader = ConstructorParameters<typeof Run>[0];

/** What a plan is made in: a reader of the cluster, and what the product would hand in. */
export interface Planner {
  readonly reader: Reader;
  /** Milliseconds since 1970, by the clock that approvals end by, and by the cluster's. */
  readonly now: () => number;
  readonly clusterNow: () => number;
  readonly id: (prefix: string) => string;
  readonly by: Person;
  readonly cluster: string;
  /** Who we are to Proxmox. */
  readonly user: string;
  readonly isRehearsed: boolean;
}

export type PlannedWords =
  | { readonly kind: 'plan'; readonly record: PlanRecord; readonly approval: Approval }
  /** No plan comes of the words: in one word, why. */
  | { readonly kind: 'none'; readonly why: string };

let language: Language | undefined;

/** The plan that words make, by the product's own understanding and planning; nothing is kept. */
export async function planOfWords(words: string, planner: Planner): Promise<PlannedWords> {
  const { reader, clusterNow, now, id, by, cluster, user, isRehearsed } = planner;
  const run = new Run(reader, datasets, () => clusterNow() / 1_000);
  language ??= new Language([...datasets.values()], [...actions.values()]);
  const meaning = language.understand(words, {}, await readInventory(run));
  if (meaning.kind !== 'command') return { kind: 'none', why: meaning.kind };
  const drafted = await draftPlan(meaning.command, { run, actions, thresholds: defaultThresholds, self: user });
  if (drafted.kind !== 'draft') return { kind: 'none', why: drafted.kind };
  const action = actions.get(drafted.draft.action);
  if (action === undefined) return { kind: 'none', why: 'no action' };
  const circumstances = { action, request: words, by, cluster, now: now(), id, rules: defaultRules, tags: [] };
  const { record, approval } = proposalOf(drafted.draft, circumstances);
  if (isRehearsed) {
    const { rehearsal } = await rehearsePlan(run, record, user);
    if (rehearsal.outcome === 'failed') return { kind: 'none', why: 'doomed' };
  }
  return { kind: 'plan', record, approval };
}
