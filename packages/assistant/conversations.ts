import type { Answer, OpenOrder, Query } from '@pxa/contract';
import type { Conversation } from '@pxa/language';
import { isHidden } from './secret-words.ts';

const mostKept = 500;

/** Where conversations outlast the process; what cannot be read back counts as never said. */
export interface Memory {
  load(id: string): Promise<Conversation | undefined>;
  save(id: string, conversation: Conversation): Promise<void>;
}

/** What each conversation has come to; the ones longest silent are forgotten first. */
export class Conversations {
  /** Where there is a memory: only what is not written down there. */
  readonly #kept = new Map<string, Conversation>();
  readonly #memory: Memory | undefined;

  constructor(memory?: Memory) {
    this.#memory = memory;
  }

  async get(id: string): Promise<Conversation> {
    // What is written was said last: whatever is kept here beside it left an empty page when it was.
    const written = await this.#memory?.load(id);
    const isBlank = written === undefined || Object.keys(written).length === 0;
    return (isBlank ? this.#kept.get(id) : undefined) ?? written ?? {};
  }

  /** Remembers what a follow-up may speak of. An answer that changed nothing about that (an error) leaves it as it was. */
  async remember(id: string, answer: Answer, { query, order }: Spoken): Promise<void> {
    const before = await this.get(id);
    const next = after(before, answer, query, order);
    if (next === before) return;
    // What came of words that hold a secret may repeat it: it is not written down.
    const isSecret = isHidden(answer.request);
    if (this.#memory === undefined || isSecret) this.#keep(id, next);
    else this.#kept.delete(id);
    await this.#memory?.save(id, isSecret ? {} : next);
  }

  #keep(id: string, conversation: Conversation): void {
    this.#kept.delete(id);
    this.#kept.set(id, conversation);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** What an answer was about: a question, or an order. */
export interface Spoken {
  readonly query?: Query;
  readonly order?: OpenOrder;
}

function after(
  before: Conversation,
  answer: Answer,
  query: Query | undefined,
  order: OpenOrder | undefined,
): Conversation {
  if (answer.kind === 'answer' && query !== undefined) {
    return { query, ids: (answer.view?.rows ?? []).map((row) => row.id) };
  }
  const options = answer.kind === 'clarification' ? { options: answer.clarification.options } : {};
  if (order === undefined) return answer.kind === 'clarification' ? { ...before, ...options } : before;
  // "It" is now what the order is about.
  const targets = [...new Set([...order.targets, ...(order.later ?? []).flatMap((each) => each.targets)])];
  const ids = targets.length > 0 ? { ids: targets } : {};
  const { options: _stale, ...rest } = before;
  return { ...rest, ...ids, ...options, order };
}

/** What was meant by a reply to a question: an option by its number, its label or its beginning; else the words themselves. */
export function chosen(request: string, options: Conversation['options']): string {
  if (options === undefined || options.length === 0) return request;
  const said = request.trim().toLowerCase().replace(/[.!]$/, '');
  const byNumber = /^#?(\d{1,2})$/.exec(said);
  const numbered = byNumber?.[1] === undefined ? undefined : options[Number(byNumber[1]) - 1];
  const named = options.find(({ label, say }) => label.toLowerCase() === said || say.toLowerCase() === said);
  const beginning = options.filter(({ label }) => label.toLowerCase().split(/[\s(]/)[0] === said);
  return (numbered ?? named ?? (beginning.length === 1 ? beginning[0] : undefined))?.say ?? request;
}
