import type { Assistant } from '@pxa/assistant';
import type { StorePlace } from '@pxa/assistant/store';
import type { Service, ServiceSettings, serviceSettings } from '@pxa/server';
import { type Opened, openCluster } from '../backend.ts';
import { changeOptions, storeFile } from '../changes/options.ts';
import { sealSource } from '../changes/seal.ts';
import { CliError, EXIT, type ExitCode } from '../exit.ts';
import { type Io, writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { hasCode } from '../private-file.ts';
import { paintFor } from '../terminal/look.ts';
import { readSettings, type Settings } from '../settings.ts';
import { VERSION } from '../version.ts';

/** `pxa serve`: the REST API over the connected cluster, or with --sandbox over a cluster of its own, until Ctrl-C. */
export async function serve(
  io: Io,
  options: GlobalOptions,
  _operands: string[],
  own: Record<string, unknown>,
): Promise<ExitCode> {
  const opened = await openCluster(io, options);
  try {
    const { bootstrapToken, createServer, serviceSettings: read } = await import('@pxa/server');
    const { defaultThresholds } = await import('@pxa/assistant');
    const settings = await readSettings(io, defaultThresholds);
    const { service, assistant } = await serviceOver(io, opened, {
      ...settings,
      service: settingsOf(read, settings.service, io.env),
    });
    const app = await createServer(service);
    try {
      const at = await listening(app, {
        host: textOf(own['host']) ?? '127.0.0.1',
        port: numberOf(own['port']) ?? 8080,
      });
      await announced(io, options, { at, opened, secret: await bootstrapToken(service, ownerName(io)) });
    } finally {
      await app.close();
      await assistant.close();
    }
  } finally {
    await opened.close();
  }
  return EXIT.answered;
}

async function serviceOver(
  io: Io,
  opened: Opened,
  settings: Settings & { service: ServiceSettings },
): Promise<{ service: Service; assistant: Assistant }> {
  const [{ createAssistant }, { openAll }] = await Promise.all([
    import('@pxa/assistant'),
    import('@pxa/assistant/store'),
  ]);
  const now = (): number => opened.now();
  const { store, service: kept } = await openAll(placeOf(io, opened), { now, seal: sealSource(io, opened.keeps) });
  // Who asks sits at another computer: the files of this one are not theirs.
  const { files: _, ...usual } = changeOptions(io, opened);
  const changes = { ...usual, openStore: () => Promise.resolve(store), rules: settings.approvals };
  const { thresholds } = settings;
  const assistant = createAssistant({ cluster: opened.cluster, now, ids: () => io.id(), thresholds, changes });
  const service: Service = {
    clusters: new Map([['default', assistant]]),
    store,
    kept,
    now,
    id: usual.id,
    random: (size) => Buffer.from(io.random(size)),
    sleep: usual.sleep,
    owner: usual.owner,
    version: VERSION,
    isSandbox: opened.keeps === 'in memory',
    settings: settings.service,
  };
  return { service, assistant };
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

/** PostgreSQL where one is named, for any number of replicas; else the file that the command line uses, too. */
function placeOf({ env }: Io, { keeps }: Opened): StorePlace {
  const url = env['PXA_DATABASE_URL'];
  if (url !== undefined && url !== '') return { kind: 'postgres', url };
  return { kind: 'sqlite', file: keeps === 'on disk' ? storeFile(env) : ':memory:' };
}

type Server = Awaited<ReturnType<(typeof import('@pxa/server'))['createServer']>>;

async function listening(app: Server, where: { host: string; port: number }): Promise<string> {
  try {
    return await app.listen(where);
  } catch (error) {
    if (!hasCode(error, 'EADDRINUSE')) throw error;
    const next = 'Choose another with --port, or 0 for any free one.';
    throw new CliError(EXIT.error, `Port ${where.port} is taken.`, next);
  }
}

async function announced(
  io: Io,
  options: GlobalOptions,
  { at, opened, secret }: { at: string; opened: Opened; secret: string | undefined },
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
    writeLine(io.stdout, `${bold('The service is running')} on ${opened.label}: ${cyan(`${at}/v1`)}`);
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

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
