/** How `pxa` ends; scripts rely on these, so they keep their meaning. */
export const EXIT = {
  answered: 0,
  error: 1,
  usage: 2,
  clarification: 3,
  unavailable: 4,
  noConnection: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each code says, for `--help` and the documentation. */
export const EXIT_MEANINGS: [ExitCode, string][] = [
  [EXIT.answered, 'answered'],
  [EXIT.error, 'something failed'],
  [EXIT.usage, 'the command line was not understood'],
  [EXIT.clarification, 'a question back: say more'],
  [EXIT.unavailable, 'Proxmox does not tell this, or it is not about this cluster'],
  [EXIT.noConnection, 'no connection to a cluster: none known, not reached, certificate or sign-in refused'],
  [EXIT.interrupted, 'stopped by Ctrl-C'],
];

/** An end that was foreseen: what is wrong and where, what to do next, and the exit code. Shown without a stack. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly nextStep: string | undefined;
  constructor(exitCode: ExitCode, message: string, nextStep?: string) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
    this.nextStep = nextStep;
  }
}

/** Any error as an end of the command line: one that was not foreseen is a failure, told by its message. */
export function asCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  return new CliError(EXIT.error, error instanceof Error ? error.message : String(error));
}

/** A mistake in how `pxa` was called. */
export function usageError(message: string, nextStep = 'pxa --help shows what there is.'): CliError {
  return new CliError(EXIT.usage, message, nextStep);
}

/**
 * An end that was foreseen; or a store that could not do it, or a cluster that did not answer, which say what to do. Told
 * by their names: their classes are behind a closed door.
 */
export function isForeseen(error: unknown): boolean {
  return error instanceof CliError || (error instanceof Error && /^(?:StoreFailed|ClusterSilent)$/.test(error.name));
}
