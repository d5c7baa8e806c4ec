import { adviceDatasets } from '@pxa/advise';
import { ask, bySeverity, Run } from '@pxa/ask';
import { actions, catalogue, datasets as read, defaultThresholds, type Thresholds } from '@pxa/catalog';
import type {
  Answer,
  AskRequest,
  Call,
  Command,
  Finding,
  Meaning,
  OpenOrder,
  Person,
  Query,
  View,
} from '@pxa/contract';
import { Language } from '@pxa/language';
import type { Cluster, Session } from '@pxa/pve';
import type { AskHooks, Assistant, Names } from './assistant.ts';
import { type ChangeOptions, ChangeRoad } from './changes.ts';
import { chosen, Conversations, type Memory } from './conversations.ts';
import { readInventory } from './inventory.ts';
import { plainStyle, renderAnswer } from './render/index.ts';

export interface AssistantOptions {
  readonly cluster: Cluster;
  /** Milliseconds since 1970, where no answer has told the cluster's own time. */
  readonly now: () => number;
  /** A new id for a conversation. */
  readonly ids: () => string;
  readonly thresholds?: Partial<Thresholds>;
  /** Where conversations outlast the process; without it they end with it. */
  readonly memory?: Memory;
  /** What changes need; without it, the assistant only reads. */
  readonly changes?: ChangeOptions;
}

const datasets = new Map([...read, ...adviceDatasets]);

/** Longer requests are refused; nothing that people say is as long. */
const mostLetters = 4000;

/** The assistant on one cluster. */
export function createAssistant(options: AssistantOptions): Assistant {
  const { cluster } = options;
  const language = new Language([...datasets.values()], [...actions.values()]);
  const conversations = new Conversations(options.memory);
  const zones = new WeakMap<Answer, string>();
  const thresholds = { ...defaultThresholds, ...options.thresholds };
  const road = options.changes && new ChangeRoad(options.changes, cluster, options.now);
  const newRun = (session: Session): Run => new Run(session.reader, datasets, () => options.now() / 1000);

  async function answerTo(request: string, id: string, session: Session, by: Person | undefined): Promise<Said> {
    if (request.length > mostLetters) {
      return { body: question(`That is longer than ${mostLetters} letters. Please ask one thing at a time.`) };
    }
    const conversation = await conversations.get(id);
    const run = newRun(session);
    const inventory = await readInventory(run);
    if (inventory.entities.length === 0 && run.lacks.all().length > 0) return { body: nothingRead(run) };
    const meaning = language.understand(chosen(request, conversation.options), conversation, inventory);
    if (meaning.kind === 'command') {
      const { action, targets, selection, input } = meaning.command;
      // The language made it a query of the dataset that the action is about.
      const chosenBy = selection === undefined ? {} : { selection: selection as Query };
      const order = { action, targets, input, ...chosenBy };
      return { body: await commanded(meaning, { request, by, run, thresholds, road }), order };
    }
    return bodyOf(meaning, request, run, thresholds);
  }

  /** One answer with the calls that it took; what went wrong is an answer, too. */
  async function respond(
    request: string,
    id: string,
    hooks: AskHooks,
    say: (session: Session) => Promise<Said>,
  ): Promise<Answer> {
    const session = cluster.session({
      ...(hooks.signal ? { signal: hooks.signal } : {}),
      ...(hooks.onCall ? { onCall: hooks.onCall } : {}),
    });
    const said = await say(session).catch((error: unknown): Said => ({ body: failed(error) }));
    const { body, timeZone = 'UTC' } = said;
    const answer = completed(body, request, id, session.calls, timeZone);
    zones.set(answer, timeZone);
    await conversations.remember(id, answer, said);
    return answer;
  }

  return {
    ask({ request, conversation_id }: AskRequest, hooks: AskHooks = {}): Promise<Answer> {
      const id = conversation_id ?? options.ids();
      return respond(request, id, hooks, (session) => answerTo(request, id, session, hooks.by));
    },
    order(command: Command, hooks: AskHooks = {}): Promise<Answer> {
      const meaning = { kind: 'command' as const, command, notes: [] };
      return respond(command.says, options.ids(), hooks, async (session) => ({
        body: await commanded(meaning, { request: command.says, by: hooks.by, run: newRun(session), thresholds, road }),
      }));
    },
    timeZoneOf: (answer) => zones.get(answer) ?? 'UTC',
    async names(): Promise<Names> {
      const inventory = await readInventory(newRun(cluster.session()));
      const of = (kind: 'node' | 'storage' | 'pool' | 'tag'): string[] => inventory.of(kind).map(({ name }) => name);
      return {
        guests: inventory.of('guest').map(({ key, name }) => ({ id: key, name })),
        nodes: of('node'),
        storages: of('storage'),
        pools: of('pool'),
        tags: of('tag'),
      };
    },
    starters: () => catalogue.flatMap(({ examples }) => examples.slice(0, 2).map(({ say }) => say)),
    changes: road,
    close: async () => {
      await road?.close();
      await cluster.close();
    },
  };
}

type WithoutEnvelope<T> = T extends unknown
  ? Omit<T, 'request' | 'conversation_id' | 'engine' | 'text' | 'calls'>
  : never;
type Body = WithoutEnvelope<Answer>;

/** What is answered, the query behind it, and the time zone that times are shown in. */
interface Said {
  readonly body: Body;
  readonly query?: Query;
  readonly order?: OpenOrder;
  readonly timeZone?: string;
}

async function bodyOf(
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
async function commanded(
  { command, notes: said }: Extract<Meaning, { kind: 'command' }>,
  of: { request: string; by: Person | undefined; run: Run; thresholds: Thresholds; road: ChangeRoad | undefined },
): Promise<Body> {
  const { road, run, ...rest } = of;
  if (road === undefined || !actions.has(command.action)) {
    const why = road === undefined ? 'This door only reads.' : 'That is a change which pxa does not know to plan yet.';
    return { kind: 'unavailable', reason: `This would ${command.says}. ${why}`, findings: [] };
  }
  const body = await road.propose(command, { ...rest, run, notes: notes(said) });
  return { ...body, findings: [...body.findings, ...lacking(run)] };
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
function nothingRead(run: Run): Body {
  const [first] = run.lacks.all();
  return { kind: 'error', reason: first?.why ?? 'The cluster did not answer.', findings: lacking(run) };
}

function question(text: string): Body {
  return { kind: 'clarification', clarification: { question: text, options: [] }, findings: [] };
}

function failed(error: unknown): Body {
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: 'error', reason: `Something went wrong inside pxa: ${reason}`, findings: [] };
}

function completed(body: Body, request: string, id: string, calls: readonly Call[], timeZone: string): Answer {
  const answer: Answer = { ...body, request, conversation_id: id, engine: 'builtin', text: '', calls: [...calls] };
  return { ...answer, text: renderAnswer(answer, { ...plainStyle, timeZone }) };
}
