import type { Answer, Step } from '@pxa/contract';

/** What an example expects of one step of a plan; keys of `params` may be alternatives: `scsi0|virtio0`. */
export interface ExpectedStep {
  readonly method: string | readonly string[];
  readonly path: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Parameters that must not be sent, or be 0. */
  readonly absent?: readonly string[];
}

export interface ExpectedPlan {
  readonly steps?: readonly ExpectedStep[];
  readonly any_order?: boolean;
  readonly risk?: string | readonly string[];
  readonly names_assumptions?: boolean;
}

/** What is wrong with a plan; empty where nothing is, or none is expected. */
export function planWrongs(answer: Answer, expect: ExpectedPlan): string[] {
  const { steps, any_order: anyOrder, risk, names_assumptions: namesAssumptions } = expect;
  if (steps === undefined) return [];
  if (answer.kind !== 'plan') return [`no plan: ${answer.kind}`];
  const { plan } = answer;
  const risks = risk === undefined ? [] : [risk].flat();
  return [
    ...(anyOrder === true ? inAnyOrder(plan.steps, steps) : inOrder(plan.steps, steps)),
    ...(risks.length > 0 && !risks.includes(plan.risk) ? [`risk ${plan.risk}, not ${risks.join(' or ')}`] : []),
    ...(namesAssumptions === true && plan.assumptions.length === 0 ? ['no assumption is named'] : []),
  ];
}

function inOrder(found: readonly Step[], wanted: readonly ExpectedStep[]): string[] {
  if (found.length !== wanted.length) return [`${found.length} steps, not ${wanted.length}`];
  return found.flatMap((step, index) => stepWrongs(step, wanted[index] as ExpectedStep)); // As many of both.
}

function inAnyOrder(found: readonly Step[], wanted: readonly ExpectedStep[]): string[] {
  if (found.length !== wanted.length) return [`${found.length} steps, not ${wanted.length}`];
  const left = [...found];
  return wanted.flatMap((each) => {
    const at = left.findIndex((step) => stepWrongs(step, each).length === 0);
    if (at < 0) return [`no step ${[each.method].flat().join('|')} ${each.path}`];
    left.splice(at, 1);
    return [];
  });
}

function stepWrongs(step: Step, wanted: ExpectedStep): string[] {
  const wrong: string[] = [];
  if (![wanted.method].flat().includes(step.method) || step.path !== wanted.path)
    wrong.push(`step is ${step.method} ${step.path}`);
  for (const [names, value] of Object.entries(wanted.params ?? {})) {
    const sent = names.split('|').flatMap((name) => (name in step.params ? [step.params[name]] : []));
    if (!sent.some((each) => meets(each, value))) wrong.push(`${names} is ${sent.map(plain).join(', ') || 'not sent'}`);
  }
  for (const name of wanted.absent ?? []) {
    if (name in step.params && plain(step.params[name]) !== '0') wrong.push(`${name} is sent`);
  }
  return wrong;
}

/** As Proxmox reads values: 1, "1" and true are the same; of a property string, the given keys count. */
function meets(sent: unknown, wanted: unknown): boolean {
  if (wanted === null) return true;
  if (typeof wanted === 'object') {
    const {
      pattern,
      set,
      holds,
      any_of: anyOf,
    } = wanted as { pattern?: string; set?: string[]; holds?: string[]; any_of?: unknown[] };
    const list = plain(sent).split(/[,; ]+/);
    if (anyOf !== undefined) return anyOf.some((each) => meets(sent, each));
    if (set !== undefined) return set.length === list.length && set.every((each) => list.includes(each));
    if (holds !== undefined) return holds.every((each) => list.includes(each));
    return pattern === undefined || new RegExp(pattern).test(plain(sent));
  }
  const [have, want] = [plain(sent), plain(wanted)];
  if (have === want) return true;
  if (!want.includes('=')) return false;
  const parts = new Set(have.split(','));
  return want.split(',').every((part) => parts.has(part));
}

function plain(value: unknown): string {
  return typeof value === 'boolean' ? String(Number(value)) : String(value);
}
