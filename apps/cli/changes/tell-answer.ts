import type { Answer } from '@pxa/contract';
import { renderAnswer } from '@pxa/assistant/render';
import type { ExitCode } from '../exit.ts';
import { writeLine } from '../io.ts';
import { exitCodeOf } from '../request.ts';
import { styleFor } from '../terminal/look.ts';
import { type ChangeDoor, tellJson } from './door.ts';

/** Writes an answer as the options want it; gives the exit code that it ends with. */
export function tellAnswer(door: ChangeDoor, answer: Answer): ExitCode {
  const { io, options, session } = door;
  const timeZone = session.assistant.timeZoneOf(answer);
  if (options.json === true) tellJson(door, answer);
  else writeLine(io.stdout, renderAnswer(answer, { ...styleFor(io, options), timeZone }));
  return exitCodeOf(answer);
}
