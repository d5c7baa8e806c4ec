import type { CallWatch, ServiceSettings, serviceSettings } from '@pxa/server';
import { CliError, EXIT, type ExitCode } from '../exit.ts';
import { type Io, writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { hasCode } from '../private-file.ts';
import { paintFor } from '../terminal/look.ts';
import { serviceOver } from '../serving/compose.ts';
import { type Listening, listeningOptions } from '../serving/options.ts';
import { labelOf, openServed, type Served } from '../serving/served.ts';
import { readSettings } from '../settings.ts';

/** `pxa serve`: the REST API over all saved connections, or with --sandbox over a cluster of its own, until Ctrl-C. */
export async function serve(
  io: Io,
  options: GlobalOptions,
  _operands: string[],
  own: Record<string, unknown>,
): Promise<ExitCode> {
  const listening = await listeningOptions(io, own);
  const { CallWatch } = await import('@pxa/server');
  const calls = new CallWatch();
  const served = await openServed(io, options, calls);
  try {
    await serveOver(io, options, { served, calls, listening });
  } finally {
    await Promise.all(served.map(({ opened }) => opened.close()));
  }
  return EXIT.answered;
}

async function serveOver(
  io: Io,
  options: GlobalOptions,
  { served, calls, listening }: { served: Served[]; calls: CallWatch; listening: Listening },
): Promise<void> {
  const { bootstrapToken, createServer, drain, serviceSettings: read } = await import('@pxa/server');
  const { defaultThresholds } = await import('@pxa/assistant');
  const settings = await readSettings(io, defaultThresholds);
  const asService = { ...settings, service: settingsOf(read, settings.service, io.env) };
  let log: Server['log'] | undefined;
  const tell = (error: Error): void => log?.error({ err: error }, 'trouble beside any request');
  const { service, close } = await serviceOver(io, served, asService, { calls, tell });
  try {
    const app = await createServer(service, listening.options).catch(refused);
    log = app.log;
    try {
      const at = await listen(app, listening);
      const secret = await bootstrapToken(service, ownerName(io));
      await announced(io, options, { at, label: labelOf(served), secret });
    } finally {
      await drain(app, (ms, signal) => io.sleep(ms, signal));
    }
  } finally {
    await close();
  }
}

/** A setting that cannot be used is told as such. */
function refused(error: unknown): never {
  if (error instanceof RangeError) throw new CliError(EXIT.usage, error.message, 'See docs/service.md.');
  throw error;
}

/** What `settings.json` and the environment say of the service. */
function settingsOf(read: typeof serviceSettings, given: unknown, env: Io['env']): ServiceSettings {
  try {
    return read(given, env);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError(EXIT.usage, `The settings of the service are not understood: ${error.message}`, EXAMPLE);
  }
}

const EXAMPLE = 'It looks like this: {"service": {"encrypted_storages": {"default": ["vault"]}}}';

type Server = Awaited<ReturnType<(typeof import('@pxa/server'))['createServer']>>;

async function listen(app: Server, { host, port }: Listening): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    if (!hasCode(error, 'EADDRINUSE')) throw error;
    const next = 'Choose another with --port, or 0 for any free one.';
    throw new CliError(EXIT.error, `Port ${port} is taken.`, next);
  }
}

async function announced(
  io: Io,
  options: GlobalOptions,
  { at, label, secret }: { at: string; label: string; secret: string | undefined },
): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    const off = io.onStop(() => {
      off();
      resolve();
    });
  });
  if (options.json === true) {
    writeLine(io.stdout, JSON.stringify({ url: `${at}/v1`, token: secret ?? null }));
  } else {
    const { bold, cyan } = paintFor(io.stdout, io.env, options);
    writeLine(io.stdout, `${bold('The service is running')} on ${label}: ${cyan(`${at}/v1`)}`);
    if (secret !== undefined) {
      writeLine(io.stdout, `Its first token, which may do everything and is shown this once:\n  ${secret}`);
      writeLine(io.stdout, `Try it:\n  curl -H 'Authorization: Bearer ${secret}' ${at}/v1/vms`);
    }
    writeLine(io.stdout, 'Ctrl-C stops it.');
  }
  await stopped;
}

function ownerName({ env }: Io): string {
  return env['USER'] ?? 'admin';
}
