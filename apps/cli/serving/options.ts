import { readFile } from 'node:fs/promises';
import type { ServerOptions } from '@pxa/server';
import { usageError } from '../exit.ts';
import type { Io } from '../io.ts';

/** Where the service listens, and how. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  readonly options: ServerOptions;
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** What the command line and the environment say of how the service runs. @throws CliError where it would not be safe */
export async function listeningOptions(io: Io, own: Readonly<Record<string, unknown>>): Promise<Listening> {
  const host = textOf(own['host']) ?? '127.0.0.1';
  const isDev = own['dev'] === true;
  const isBehindProxy = own['behindProxy'] === true;
  const tls = await tlsOf(textOf(own['tlsCert']), textOf(own['tlsKey']));
  refuseUnsafe(host, { isDev, isSafe: tls !== undefined || isBehindProxy });
  const endpoint = io.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';
  const options: ServerOptions = {
    log: { write: (line) => void io.stderr.write(line) },
    logLevel: levelOf(io.env['PXA_LOG_LEVEL']),
    isDev,
    isBehindProxy,
    ...(tls === undefined ? {} : { tls }),
    ...(endpoint === '' ? {} : { traces: { endpoint: collectorAt(endpoint) } }),
  };
  return { host, port: typeof own['port'] === 'number' ? own['port'] : 8080, options };
}

/** Tokens go over the wire: beyond this machine only where somebody encrypts them. */
function refuseUnsafe(host: string, { isDev, isSafe }: { isDev: boolean; isSafe: boolean }): void {
  if (/^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host)) return;
  if (isDev) {
    throw usageError(
      `--dev takes passwords, and is for this machine alone: not for ${host}.`,
      'Leave --host out, or --dev.',
    );
  }
  if (isSafe) return;
  throw usageError(
    `On ${host}, tokens would go over the network in the clear.`,
    'Give --tls-cert FILE and --tls-key FILE, or --behind-proxy where a proxy before it speaks TLS.',
  );
}

async function tlsOf(cert: string | undefined, key: string | undefined): Promise<ServerOptions['tls']> {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) throw usageError('--tls-cert and --tls-key belong together.');
  const [certText, keyText] = await Promise.all([pem('--tls-cert', cert), pem('--tls-key', key)]);
  return { cert: certText, key: keyText };
}

async function pem(option: string, path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text?.includes('-----BEGIN ') === true) return text;
  const what = text === undefined ? 'cannot be read' : 'is no PEM file';
  throw usageError(`${option}: ${path} ${what}.`, 'It begins with “-----BEGIN”.');
}

function levelOf(text: string | undefined): NonNullable<ServerOptions['logLevel']> {
  const level = LEVELS.find((each) => each === (text ?? 'info'));
  if (level !== undefined) return level;
  throw usageError(`PXA_LOG_LEVEL is ${JSON.stringify(text?.slice(0, 40))}.`, `It is one of: ${LEVELS.join(', ')}.`);
}

function collectorAt(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw usageError(
    'OTEL_EXPORTER_OTLP_ENDPOINT is no address of a collector.',
    'It looks like this: http://collector:4318',
  );
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
