import type { Action, Dataset } from '@pxa/catalog';
import type { Meaning } from '@pxa/contract';
import { asksOfThem } from './anaphora.ts';
import { assented, clarifyTakenBack, takenBack } from './asides.ts';
import { beyondApi } from './beyond.ts';
import {
  clarifyNothing,
  clarifyProblems,
  clarifyHelp,
  clarifyPronoun,
  clarifyTooLong,
  clarifyVague,
} from './clarify.ts';
import { understandCommand } from './commands.ts';
import { chosenOption } from './choice.ts';
import { followUp } from './conversation.ts';
import type { Conversation } from './said-before.ts';
import { type Core, compileCore } from './core-words.ts';
import type { Inventory } from './inventory.ts';
import { compileLexicon, type Lexicon } from './lexicon.ts';
import { Orders } from './order/orders.ts';
import { bestReading, finish } from './question.ts';
import { twoQuestions } from './parts.ts';
import { entitiesAt } from './rules-names.ts';
import { asksOfOneself, clarifyOneself } from './oneself.ts';
import { Sentence } from './sentence.ts';
import { aboutOrder } from './subject.ts';
import { corrected, type Correction, vocabulary } from './spelling.ts';
import { mostTokens, type Token, tokens } from './tokens.ts';
import type { Trie } from './trie.ts';
import { asksNothing } from './yes-no.ts';

const asksForHelp =
  /^(help|help me|what can (you|i) (do|ask)|who are you|what are you|what do you (do|know)|how does this work|what can i say)$/;

/** "its IP?" at the beginning of a conversation. */
function standsForNothing(s: Sentence): boolean {
  return (
    s.tokens.length <= 6 &&
    s.tokens.some(({ word, quoted }) => !quoted && /^(it|its|them|they)$/.test(word)) &&
    s.tokens.every(
      (_, at) =>
        entitiesAt(s, at).length === 0 && s.sense(at, 'noun').every(({ what }) => what.every(({ noun }) => noun.weak)),
    )
  );
}

function notesOf(corrections: readonly Correction[]): string[] {
  return corrections.map(({ said, taken }) => `“${said}” was read as “${taken}”.`);
}

/** A conversation in which the last order was taken back: nothing goes on with it. */
function withoutOrder({ order: _order, ...rest }: Conversation): Conversation {
  return rest;
}

/** The built-in understanding, compiled from the catalogue once. */
export class Language {
  readonly #lexicon: Lexicon;
  readonly #core: Trie<Core>;
  readonly #vocabulary: ReadonlySet<string>;
  readonly #orders: Orders;

  constructor(datasets: readonly Dataset[], actions: readonly Action[] = []) {
    this.#orders = new Orders(actions, datasets);
    this.#lexicon = compileLexicon(datasets);
    this.#core = compileCore();
    this.#vocabulary = vocabulary(this.#lexicon, this.#core, this.#orders.words());
  }

  /**
   * What words mean, given what was said before and the names that exist now. Pure: the same words, conversation and
   * names give the same meaning.
   */
  understand(text: string, conversation: Conversation, inventory: Inventory): Meaning {
    const said = tokens(text);
    if (said.length === 0) return clarifyNothing();
    if (said.length > mostTokens) return clarifyTooLong(mostTokens);
    if (asksForHelp.test(said.map(({ word }) => word).join(' '))) return clarifyHelp();
    const beyond = beyondApi(said);
    // "add a directory storage at /srv/data" is about a path, and an order all the same.
    if (beyond !== undefined && !this.#isOrder(said, conversation, inventory))
      return { kind: 'unavailable', reason: beyond };
    const option = chosenOption(said, conversation.options);
    if (option !== undefined) return this.understand(option, { ...conversation, options: [] }, inventory);
    const assent = assented(said, conversation, inventory);
    if (assent !== undefined && 'option' in assent)
      return this.understand(assent.option, { ...conversation, options: [] }, inventory);
    if (assent !== undefined) return assent;
    const { rest, back } = takenBack(said, inventory);
    if (rest.length === 0) return clarifyTakenBack();
    if (back) return this.#understood(rest, withoutOrder(conversation), inventory);
    return this.#understood(rest, conversation, inventory);
  }

  #understood(said: readonly Token[], conversation: Conversation, inventory: Inventory): Meaning {
    const { list, corrections } = corrected(said, this.#vocabulary, inventory);
    const sentence = new Sentence(list, this.#lexicon, this.#core, inventory);
    const command = understandCommand(sentence, conversation, this.#orders);
    if (command?.kind === 'command') return { ...command, notes: [...command.notes, ...notesOf(corrections)] };
    if (command !== undefined) return command;
    const continued = followUp(sentence, aboutOrder(list, conversation, this.#orders), this.#lexicon.datasets);
    if (continued !== undefined) return continued;
    if (conversation.query === undefined && (standsForNothing(sentence) || asksOfThem(sentence)))
      return clarifyPronoun();
    const two = twoQuestions(sentence, conversation, this.#lexicon.datasets);
    return two ?? this.#question(sentence, corrections);
  }

  /** Whether every word is understood as part of an order, and not as one for all of something ("docker containers"). */
  #isOrder(said: readonly Token[], conversation: Conversation, inventory: Inventory): boolean {
    const { list } = corrected(said, this.#vocabulary, inventory);
    const order = this.#orders.read(new Sentence(list, this.#lexicon, this.#core, inventory), conversation);
    const isChosen = order?.meaning.kind === 'command' && order.meaning.command.selection !== undefined;
    return order?.sure === true && !isChosen;
  }

  #question(sentence: Sentence, corrections: readonly Correction[]): Meaning {
    const it = bestReading(sentence, this.#lexicon.datasets);
    if (it === undefined || it.problems.length > 0) return clarifyProblems(sentence, it);
    if (asksNothing(sentence, it)) return clarifyVague(it);
    if (asksOfOneself(sentence, it)) return clarifyOneself();
    const query = finish(sentence, it);
    return {
      kind: 'query',
      query,
      notes: notesOf(corrections),
      guesses: it.guesses.map(({ column, text: said }) => ({ column, text: said })),
    };
  }
}
