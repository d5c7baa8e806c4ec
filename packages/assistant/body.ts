import { ask, bySeverity, type Run } from '@pxa/ask';
import { actions, type Thresholds } from '@pxa/catalog';
import type { Answer, Command, Finding, Meaning, OpenOrder, Person, Query, View } from '@pxa/contract';
import type { ChangeRoad } from './changes.ts';

type WithoutEnvelope<T> = T extends unknown
  ? Omit<T, 'request' | 'conversation_id' | 'engine' | 'text' | 'calls'>
  : never;
/** An answer without its envelope: the request, the conversation, the calls and the text. */
export type Body = WithoutEnvelope<Answer>;

/** What is answered, the query behind it, and the time zone that times are shown in. */
export interface Said {
  readonly body: Body;
  readonly query?: Query;
  readonly order?: OpenOrder;
  readonly timeZone?: string;
}

/** What is answered to a question, or to what is none. */
export async function bodyOf(
  meaning: Exclude<Meaning, { kind: 'command' }>,
  request: string,
  run: Run,
  thresholds: Thresholds,
): Promise<Said> {
  switch (meaning.kind) {
    case 'query': {
      const { view, findings } = await ask(run, meaning.query, thresholds);
      const [guess] = meaning.guesses;
      if (guess && view.rows.length === 0)
        return { body: await nothingCalled(run, meaning.query, request, guess, thresholds) };
      const timeZone = tellsTimes(view) ? await run.zoneName() : undefined;
      return {
        ...(timeZone === undefined || !isZone(timeZone) ? {} : { timeZone }),
        body: { kind: 'answer', view, findings: [...bySeverity(findings), ...lacking(run), ...notes(meaning.notes)] },
        query: meaning.query,
      };
    }
    case 'clarification':
      return {
        body: await clarified(meaning, run, thresholds),
        ...(meaning.order === undefined ? {} : { order: meaning.order }),
      };
    case 'unavailable':
    case 'out_of_scope':
      return { body: { kind: meaning.kind, reason: meaning.reason, findings: [] } };
    default:
      return meaning satisfies never;
  }
}

/** What a command would do, as a plan; or that nothing can be changed here. */
export async function commanded(
  { command, notes: said }: Extract<Meaning, { kind: 'command' }>,
  of: { request: string; by: Person | undefined; run: Run; thresholds: Thresholds; road: ChangeRoad | undefined },
): Promise<Body> {
  const { road, run, ...rest } = of;
  const isKnown = [command, ...(command.later ?? [])].every(({ action }) => actions.has(action));
  if (road === undefined || !isKnown) {
    const why = road === undefined ? 'This door only reads.' : 'That is a change which pxa does not know to plan yet.';
    return { kind: 'unavailable', reason: `This would ${command.says}. ${why}`, findings: [] };
  }
  const body = await road.propose(command, { ...rest, run, notes: notes(said) });
  return { ...body, findings: [...body.findings, ...lacking(run)] };
}

/** What a command would do, for who may not order it: nothing was planned. */
export function notAllowed({ says }: Command): Body {
  return { kind: 'unavailable', reason: `This would ${says}, which you may not order here.`, findings: [] };
}

/** A question back; where it says how many things it is about, they are counted now. */
async function clarified(
  { clarification, counts }: Meaning & { kind: 'clarification' },
  run: Run,
  thresholds: Thresholds,
): Promise<Body> {
  if (counts === undefined) return { kind: 'clarification', clarification, findings: [] };
  const { query, one, many } = counts;
  const { view } = await ask(run, { ...query, measure: { of: 'count' } }, thresholds);
  const number = view.value?.number;
  // What could not be read would be hit all the same: then no figure is better than too small a one.
  const isCounted = typeof number === 'number' && run.lacks.all().length === 0;
  const question = isCounted
    ? counts.question.replace('{count}', `${number} ${number === 1 ? one : many}`)
    : clarification.question;
  return { kind: 'clarification', clarification: { ...clarification, question }, findings: lacking(run) };
}

/** Whether an answer shows points in time: only then is it worth a call to learn the server's zone. */
function tellsTimes({ columns, rows, value }: View): boolean {
  const times = columns.filter(({ unit }) => unit === 'time').map(({ key }) => key);
  return value?.unit === 'time' || rows.some(({ cells }) => times.some((key) => typeof cells[key] === 'number'));
}

/** Whether this system knows a time zone by the name that the server gave it. */
function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A name that no row bears: what they are called instead. */
async function nothingCalled(
  run: Run,
  query: Query,
  request: string,
  { column, text }: { column: string; text: string },
  thresholds: Thresholds,
): Promise<Body> {
  const { view } = await ask(run, { dataset: query.dataset, columns: [column] }, thresholds);
  const names = [...new Set(view.rows.map((row) => String(row.cells[column] ?? '')))].filter((name) => name !== '');
  const some = names.slice(0, 8).map((name) => ({ label: name, say: request.replace(text, name) }));
  const none = names.length === 0 ? ' There are none at all.' : ' These exist:';
  return {
    kind: 'clarification',
    clarification: { question: `${view.title}: none is called “${text}”.${none}`, options: some },
    findings: lacking(run),
  };
}

/** The parts of an answer that could not be had, as findings, so that every door shows them. */
function lacking(run: Run): Finding[] {
  return run.lacks.all().map(({ about, why, nextStep }) => ({
    severity: 'info',
    about,
    code: 'answer.incomplete',
    text: `${about}: ${why}`,
    ...(nextStep === undefined ? {} : { next_step: nextStep }),
    evidence: [],
  }));
}

function notes(texts: readonly string[]): Finding[] {
  return texts.map((text) => ({ severity: 'info', about: 'request', code: 'request.note', text, evidence: [] }));
}

/** Nothing could be read at all: that is what is to be said, not that the words are unknown. */
export function nothingRead(run: Run): Body {
  const [first] = run.lacks.all();
  return { kind: 'error', reason: first?.why ?? 'The cluster did not answer.', findings: lacking(run) };
}

export function question(text: string): Body {
  return { kind: 'clarification', clarification: { question: text, options: [] }, findings: [] };
}

export function failed(error: unknown): Body {
  const reason = error instanceof Error ? error.message : String(error);
  // These say themselves what to do.
  if (isOfStore(error) || isNamed(error, 'ClusterSilent')) return { kind: 'error', reason, findings: [] };
  return { kind: 'error', reason: `Something went wrong inside pxa: ${reason}`, findings: [] };
}

/** Told by its name, since what must last is loaded with the first order alone. */
const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

/** That somebody else goes on with what was asked: nobody is to be answered here. */
export const isLost = (error: unknown): boolean => isNamed(error, 'AttemptLost');

/** That what is kept could not be read or written: no fault of the cluster's or of the order. */
export const isOfStore = (error: unknown): boolean => isNamed(error, 'StoreFailed');
