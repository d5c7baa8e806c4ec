import type { Problem } from './backend.ts';
import { CliError, EXIT } from './exit.ts';
import type { ExitCode } from './exit.ts';

/** What Proxmox, or the way to it, refused, as an end of the command line. */
export function problemError(problem: Problem): CliError {
  const fields = Object.entries(problem.errors ?? {}).map(([field, text]) => `  ${field}: ${text.trim()}`);
  return new CliError(exitCodeOfProblem(problem), [problem.message.trim(), ...fields].join('\n'), problem.next_step);
}

function exitCodeOfProblem(problem: Problem): ExitCode {
  switch (problem.kind) {
    case 'unauthenticated':
    case 'unreachable':
    case 'certificate':
    case 'not_proxmox':
      return EXIT.noConnection;
    case 'cancelled':
      return EXIT.interrupted;
    case 'invalid':
      return EXIT.usage;
    case 'forbidden':
    case 'not_found':
    case 'not_implemented':
    case 'node_unreachable':
    case 'no_quorum':
    case 'timeout':
    case 'server':
      return EXIT.error;
  }
}
