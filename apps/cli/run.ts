import { CommanderError } from 'commander';
import { CliError, EXIT, isForeseen } from './exit.ts';
import type { ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import { writeLine } from './io.ts';
import { buildProgram } from './program.ts';

/** The whole command line: understands the arguments, does what they say, and gives the exit code. Never throws. */
export async function run(argv: string[], io: Io): Promise<number> {
  let exitCode: ExitCode = EXIT.answered;
  try {
    const program = await buildProgram(io, (code) => {
      exitCode = code;
    });
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, io);
  }
}

/** Tells what went wrong, and what to do next, without a stack unless PXA_DEBUG asks for it; gives the exit code. */
export async function report(error: unknown, io: Io): Promise<number> {
  // Commander has said what is wrong already; help and version end so too, with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.answered : EXIT.usage;
  const { harmlessLines } = await import('@pxa/assistant/render');
  const { paintFor } = await import('./terminal/look.ts');
  const paint = paintFor(io.stderr, io.env, { color: true });
  const message = error instanceof Error ? error.message : String(error);
  const isStopped = error instanceof CliError && error.exitCode === EXIT.interrupted;
  writeLine(io.stderr, `${isStopped ? '' : `${paint.red('Error:')} `}${harmlessLines(message)}`);
  if (error instanceof CliError && error.nextStep !== undefined) writeLine(io.stderr, harmlessLines(error.nextStep));
  if (!isForeseen(error) && !isDebugging(io)) writeLine(io.stderr, 'PXA_DEBUG=1 shows where this happened.');
  if (isDebugging(io) && error instanceof Error) writeLine(io.stderr, harmlessLines(error.stack ?? ''));
  return error instanceof CliError ? error.exitCode : EXIT.error;
}

function isDebugging(io: Io): boolean {
  return (io.env['PXA_DEBUG'] ?? '') !== '' && io.env['PXA_DEBUG'] !== '0';
}
