import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';

/** `pxa` alone is the prompt; `pxa` with words is a question. */
export async function bare(io: Io, options: GlobalOptions, words: string[]): Promise<ExitCode> {
  if (words.length > 0 || options.jsonl === true) {
    const { ask } = await import('./ask.ts');
    return ask(io, options, words);
  }
  const { prompt } = await import('../prompt/prompt.ts');
  return prompt(io, options);
}
