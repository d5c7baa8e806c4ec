import type { Assistant } from '@pxa/assistant';
import type { Answer } from '@pxa/contract';
import { wrongs } from './expect.ts';
import { formWrongs } from './form.ts';
import type { Sentence } from './sentence.ts';

/** How an answer did: `later` is a change that was recognised and that this version does not plan. */
export interface Outcome {
  readonly sentence: Sentence;
  readonly result: 'passed' | 'failed' | 'later';
  readonly wrong: readonly string[];
  readonly answer: Answer;
}

/** Says a sentence's turns in a conversation of its own and holds the last answer against what is expected. */
export async function examine(assistant: Assistant, sentence: Sentence): Promise<Outcome> {
  const conversation_id = `examined ${sentence.id}`;
  let answer: Answer | undefined;
  for (const request of sentence.turns) answer = await assistant.ask({ request, conversation_id });
  if (answer === undefined) throw new Error(`${sentence.id} says nothing`);
  const wrong = [...formWrongs(answer), ...wrongs(answer, sentence.expect), ...(await optionWrong(assistant, answer))];
  const isLater = isChange(sentence) && answer.kind === 'unavailable';
  return { sentence, answer, wrong, result: isLater ? 'later' : wrong.length === 0 ? 'passed' : 'failed' };
}

/** Whether what is expected is a change: a plan, or one among others that are right. */
function isChange({ expect }: Sentence): boolean {
  return expect.steps !== undefined || expect.any_of?.some(({ steps }) => steps !== undefined) === true;
}

/** An option that is offered has to be understood when it is taken. */
async function optionWrong(assistant: Assistant, answer: Answer): Promise<string[]> {
  const [option] = answer.kind === 'clarification' ? answer.clarification.options : [];
  if (option === undefined) return [];
  const { kind } = await assistant.ask({ request: option.say, conversation_id: answer.conversation_id });
  const isUnderstood = kind === 'answer' || kind === 'plan' || kind === 'unavailable';
  return isUnderstood ? [] : [`the option “${option.say}” gives ${kind}`];
}
