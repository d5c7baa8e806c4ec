import type { Assistant } from '@pxa/assistant';
import type { Answer } from '@pxa/contract';
import { CallLines } from '@pxa/assistant/render';
import type { Io } from './io.ts';
import { writeLine } from './io.ts';
import type { Spinner } from './terminal/spinner.ts';

/** How the calls of a request are shown while they happen. */
export interface CallDisplay {
  isQuiet: boolean;
  paint(line: string): string;
  spinner: Spinner;
}

/** Asks, showing each call as it ends. */
export async function askShowingCalls(
  io: Io,
  assistant: Assistant,
  request: { request: string; conversation_id?: string },
  display: CallDisplay,
  signal: AbortSignal,
): Promise<Answer> {
  const { spinner, isQuiet, paint } = display;
  const lines = new CallLines();
  const show = (line: string): void => spinner.above(() => writeLine(io.stdout, paint(line)));
  spinner.start('asking the cluster');
  try {
    return await assistant.ask(request, {
      signal,
      onCall: (call) => {
        const line = lines.add(call);
        if (!isQuiet && line !== undefined) show(line);
      },
    });
  } finally {
    if (!isQuiet) for (const line of lines.rest()) show(line);
    spinner.stop();
  }
}
