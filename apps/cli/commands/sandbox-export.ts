import { writeFile } from 'node:fs/promises';
import { plural } from '@pxa/assistant/render';
import { openCluster, sandboxDoor } from '../backend.ts';
import { CliError, EXIT } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { problemError } from '../problem-error.ts';
import { Spinner } from '../terminal/spinner.ts';

/** Reads the connected cluster and writes it as a world that the sandbox loads. Only reads; secrets are left out. */
export async function exportWorldTo(io: Io, options: GlobalOptions, file: string): Promise<ExitCode> {
  const opened = await openCluster(io, options);
  const spinner = new Spinner(io);
  const stopping = new AbortController();
  const off = io.onStop(() => stopping.abort());
  try {
    const session = opened.cluster.session({ signal: stopping.signal });
    const first = await session.reader.getRaw('/version', {});
    if (!first.ok) throw problemError(first.problem);
    spinner.start(`reading ${opened.label}`);
    const { exportWorld } = await sandboxDoor();
    const readPath = async (path: string, params: Record<string, string> = {}): Promise<unknown> => {
      const read = await session.reader.getRaw(path, params);
      return read.ok ? read.data : undefined;
    };
    const world = await exportWorld(readPath, first.serverTime);
    if (stopping.signal.aborted) throw new CliError(EXIT.interrupted, 'Stopped; nothing was written.');
    await writeFile(file, `${JSON.stringify(world)}\n`, { mode: 0o600 }).catch((error: unknown) => {
      throw new CliError(
        EXIT.error,
        `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
    spinner.stop();
    const failed = session.calls.filter((call) => call.status !== 200).length;
    writeLine(
      io.stdout,
      `Wrote ${file}: ${plural(session.calls.length, 'read')}${failed > 0 ? `, ${failed} of which gave nothing` : ''}.`,
    );
    writeLine(io.stdout, `It names your guests and addresses; secrets are left out. Try it: pxa --world ${file}`);
    return EXIT.answered;
  } finally {
    off();
    spinner.stop();
    await opened.close();
  }
}
