import type { CellValue, Filter, Query } from '@pxa/contract';
import type { Thresholds } from '@pxa/catalog';
import type { Control } from './controls.ts';

/** How grave a finding is; `unrated` where nobody has said so yet. */
export const GRADES = ['critical', 'high', 'medium', 'low', 'unrated'] as const;
export type Grade = (typeof GRADES)[number];

/** What a scan looks for: `compliance` takes every rule that stands for a control. */
export const SCAN_TYPES = ['compliance', 'vulnerability', 'configuration'] as const;
export type ScanType = (typeof SCAN_TYPES)[number];

/** What rules are about: each has one kind of target. */
export type TargetKind = 'guest' | 'node' | 'cluster';

/** The cluster itself as a target; guests and nodes are named by their row ids. */
export const CLUSTER = 'cluster';

/** A question that a rule asks. Rules that ask about the same rows share one answer. */
export interface Look {
  readonly dataset: string;
  readonly columns: readonly string[];
  readonly where?: Filter;
  /** The column that narrows it to the guests or nodes of a scan, where it does. */
  readonly narrow?: string;
  readonly group?: Query['group'];
  readonly measure?: Query['measure'];
}

/** A row as a rule sees it. */
export interface Facts {
  readonly id: string;
  value(column: string): CellValue;
  /** Where a value was read, or why it is unknown. */
  at(column: string): string;
}

/** What a look came to. */
export interface Seen {
  readonly rows: readonly Facts[];
  readonly lacks: readonly { readonly about: string; readonly why: string; readonly of?: string | undefined }[];
}

/** What rules judge by, beside what was read. Times are in seconds since 1970. */
export interface Circumstances {
  readonly now: number;
  readonly thresholds: Thresholds;
  /** The targets of the rule's kind: row ids, with what they are called. */
  readonly targets: ReadonlyMap<string, string>;
}

/** Something that is not as the rule would have it. */
export interface Fault {
  /** The row id of the very thing, where that is not the target: a token, a rule, a repository. */
  readonly about?: string;
  /** In one sentence. */
  readonly text: string;
  readonly grade?: Grade;
  readonly cves?: readonly string[];
  /** The columns that it was judged by. */
  readonly by: readonly (readonly [facts: Facts, column: string])[];
}

/** What a rule says of one target. */
export type Check =
  | { readonly state: 'passed'; readonly target: string }
  | { readonly state: 'failed'; readonly target: string; readonly fault: Fault }
  | { readonly state: 'unknown'; readonly target: string; readonly why: string };

/** The action of the catalogue that remedies a finding, on what it is about. */
export interface Fix {
  readonly action: string;
  readonly on: 'target' | 'input';
  readonly input?: (about: string) => Readonly<Record<string, unknown>>;
}

/** One thing that a scan looks at: what it reads, and a judgement of it that reads nothing itself. */
export interface Rule {
  readonly id: string;
  readonly kind: 'vulnerability' | 'configuration';
  /** What is so where all is well. */
  readonly title: string;
  readonly about: TargetKind;
  readonly grade: Grade;
  readonly looks: readonly Look[];
  /** The seen stand in the order of the looks. */
  readonly judge: (seen: readonly Seen[], circumstances: Circumstances) => Check[];
  /** Only where changelogs are read. */
  readonly isDeep?: true;
  readonly remedy: string;
  readonly fix?: Fix;
  /** CIS Controls v8 safeguards and SOC 2 criteria (2017) that it is evidence for. */
  readonly controls: readonly Control[];
}

/** Whether a scan of a type goes by a rule. */
export function isIn(type: ScanType, { kind, controls }: Rule): boolean {
  return type === 'compliance' ? controls.length > 0 : kind === type;
}
