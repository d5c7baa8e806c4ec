import { adviceDatasets } from '@pxa/advise';
import { ask, bySeverity, Run } from '@pxa/ask';
import { actions, catalogue, datasets as read, defaultThresholds, type Thresholds } from '@pxa/catalog';
import type { Answer, AskRequest, Command, CommandPart, Meaning, OpenOrder, Query } from '@pxa/contract';
import { type Conversation, type Inventory, Language } from '@pxa/language';
import type { Cluster, Session } from '@pxa/pve';
import type { AskHooks, Assistant, Looked, LookHooks, Names } from './assistant.ts';
import {
  type Body,
  bodyOf,
  commanded,
  failed,
  isLost,
  isOfStore,
  notAllowed,
  nothingRead,
  question,
  type Said,
} from './body.ts';
import type { ChangeOptions } from './change-options.ts';
import { ChangeRoad } from './changes.ts';
import { chosen, Conversations, type Memory } from './conversations.ts';
import { hideSecretWords, withoutSecretsOf } from './secret-words.ts';
import { readInventory, withUsers } from './inventory.ts';
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
  return new ClusterAssistant(options);
}

/** What the next words may go on with. */
function openOrder({ action, targets, selection, input }: CommandPart): OpenOrder {
  // The language made it a query of the dataset that the action is about.
  return { action, targets, input, ...(selection === undefined ? {} : { selection: selection as Query }) };
}

class ClusterAssistant implements Assistant {
  readonly changes: ChangeRoad | undefined;
  readonly #options: AssistantOptions;
  readonly #language = new Language([...datasets.values()], [...actions.values()]);
  readonly #conversations: Conversations;
  readonly #zones = new WeakMap<Answer, string>();
  readonly #thresholds: Thresholds;

  constructor(options: AssistantOptions) {
    this.#options = options;
    this.#conversations = new Conversations(options.memory);
    this.#thresholds = { ...defaultThresholds, ...options.thresholds };
    this.changes = options.changes && new ChangeRoad(options.changes, options.cluster, options.now);
  }

  ask({ request, conversation_id }: AskRequest, hooks: AskHooks = {}): Promise<Answer> {
    const id = conversation_id ?? this.#options.ids();
    return this.#respond(request, id, hooks, (session) => this.#understood(request, id, session, hooks));
  }

  order(command: Command, hooks: AskHooks = {}): Promise<Answer> {
    const { says: request } = command;
    return this.#respond(request, this.#options.ids(), hooks, (session) =>
      this.#ordered({ kind: 'command', command, notes: [] }, request, this.#newRun(session), hooks),
    );
  }

  async look(queries: readonly Query[], { signal, onCall, follow }: LookHooks = {}): Promise<Looked> {
    const session = this.#options.cluster.session({ ...(signal ? { signal } : {}), ...(onCall ? { onCall } : {}) });
    const run = this.#newRun(session);
    const answered = (of: readonly Query[]): ReturnType<typeof ask>[] =>
      of.map((query) => ask(run, query, this.#thresholds));
    const first = await Promise.all(answered(queries));
    const more = follow?.(first.map(({ view }) => view)) ?? [];
    const answers = [...first, ...(await Promise.all(answered(more)))];
    const views = answers.map(({ view }) => view);
    const lacks = run.lacks.all();
    const [lack] = lacks;
    if (lack !== undefined && views.every(({ rows }) => rows.length === 0)) {
      return { ok: false, why: lack.why, ...(lack.nextStep === undefined ? {} : { nextStep: lack.nextStep }) };
    }
    const findings = bySeverity(answers.flatMap((answer) => answer.findings));
    return { ok: true, views, findings, lacks, calls: [...session.calls], now: run.now };
  }

  async reachable(): Promise<void> {
    const read = await this.#options.cluster.session().reader.get('/version', {});
    if (!read.ok) throw new Error(read.problem.message);
  }

  timeZoneOf(answer: Answer): string {
    return this.#zones.get(answer) ?? 'UTC';
  }

  async names(): Promise<Names> {
    const inventory = await readInventory(this.#newRun(this.#options.cluster.session()));
    const of = (kind: 'node' | 'storage' | 'pool' | 'tag'): string[] => inventory.of(kind).map(({ name }) => name);
    return {
      guests: inventory.of('guest').map(({ key, name }) => ({ id: key, name })),
      nodes: of('node'),
      storages: of('storage'),
      pools: of('pool'),
      tags: of('tag'),
    };
  }

  starters(): string[] {
    return catalogue.flatMap(({ examples }) => examples.slice(0, 2).map(({ say }) => say));
  }

  async close(): Promise<void> {
    await this.changes?.close();
    await this.#options.cluster.close();
  }

  #newRun(session: Session): Run {
    return new Run(session.reader, datasets, () => this.#options.now() / 1000);
  }

  async #understood(request: string, id: string, session: Session, hooks: AskHooks): Promise<Said> {
    if (request.length > mostLetters) {
      return { body: question(`That is longer than ${mostLetters} letters. Please ask one thing at a time.`) };
    }
    const conversation = await this.#conversations.get(id);
    const run = this.#newRun(session);
    const inventory = await readInventory(run);
    if (inventory.entities.length === 0 && run.lacks.all().length > 0) return { body: nothingRead(run) };
    const meaning = await this.#meaningOf(chosen(request, conversation.options), conversation, inventory, run);
    if (meaning.kind === 'command') return this.#ordered(meaning, request, run, hooks);
    return bodyOf(meaning, request, run, this.#thresholds);
  }

  /** What words mean; where they mean nothing, with the users by their short names. */
  async #meaningOf(words: string, conversation: Conversation, inventory: Inventory, run: Run): Promise<Meaning> {
    const meaning = this.#language.understand(words, conversation, inventory);
    const isGuessed = meaning.kind === 'query' && meaning.guesses.length > 0;
    if (meaning.kind !== 'clarification' && meaning.kind !== 'out_of_scope' && !isGuessed) return meaning;
    const known = await withUsers(run, inventory, words);
    const again = known && this.#language.understand(words, conversation, known);
    return again === undefined || again.kind === 'out_of_scope' ? meaning : again;
  }

  async #ordered(
    meaning: Parameters<typeof commanded>[0],
    request: string,
    run: Run,
    { by, mayOrder }: AskHooks,
  ): Promise<Said> {
    if (mayOrder?.([meaning.command, ...(meaning.command.later ?? [])]) === false)
      return { body: notAllowed(meaning.command) };
    const body = await commanded(meaning, { request, by, run, thresholds: this.#thresholds, road: this.changes });
    const { later } = meaning.command;
    const order = { ...openOrder(meaning.command), ...(later === undefined ? {} : { later: later.map(openOrder) }) };
    return { body, order };
  }

  /** One answer with the calls that it took; what went wrong is an answer, too, unless whoever asks is to hear of it. */
  async #respond(
    request: string,
    id: string,
    { signal, onCall, rejectsStoreFailures = false }: AskHooks,
    say: (session: Session) => Promise<Said>,
  ): Promise<Answer> {
    const session = this.#options.cluster.session({ ...(signal ? { signal } : {}), ...(onCall ? { onCall } : {}) });
    const said = await say(session).catch((error: unknown): Said => {
      if (isLost(error) || (rejectsStoreFailures && isOfStore(error))) throw error;
      return { body: failed(error) };
    });
    const { body, timeZone = 'UTC' } = said;
    const calls = [...session.calls];
    // What was said goes on into logs and files with the answer.
    const shown = hideSecretWords(request);
    const untold: Answer = {
      ...withoutSecrets(request, body),
      request: shown,
      conversation_id: id,
      engine: 'builtin',
      text: '',
      calls,
    };
    const answer: Answer = { ...untold, text: renderAnswer(untold, { ...plainStyle, timeZone }) };
    this.#zones.set(answer, timeZone);
    await this.#conversations.remember(id, answer, said);
    return answer;
  }
}

/** Questions and reasons quote the request; what a plan or a row holds is for those to hide. */
function withoutSecrets(request: string, body: Body): Body {
  if (body.kind === 'clarification') {
    const question = withoutSecretsOf(request, body.clarification.question);
    return { ...body, clarification: { ...body.clarification, question } };
  }
  return 'reason' in body ? { ...body, reason: withoutSecretsOf(request, body.reason) } : body;
}
