import type { Sandbox } from '../backend.ts';
import { launchSandbox } from '../backend.ts';
import { EXIT, usageError } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { paintFor } from '../terminal/look.ts';

/** `pxa sandbox`: the cluster in memory, until Ctrl-C; `pxa sandbox export FILE`: the connected cluster as a world. */
export async function sandbox(
  io: Io,
  options: GlobalOptions,
  operands: string[],
  own: Record<string, unknown>,
): Promise<ExitCode> {
  const [action, file, ...more] = operands;
  if (action === 'export') {
    if (file === undefined || more.length > 0) throw usageError('Where to? pxa sandbox export FILE');
    return (await import('./sandbox-export.ts')).exportWorldTo(io, options, file);
  }
  if (action !== undefined)
    throw usageError(
      `pxa sandbox knows no ${JSON.stringify(action.slice(0, 80))}.`,
      'pxa sandbox, or pxa sandbox export FILE',
    );
  const port = typeof own['port'] === 'number' ? own['port'] : 0;
  const running = await launchSandbox({ ...options, port, control: own['control'] === true });
  try {
    const stopped = untilStopped(io);
    writeLine(io.stdout, options.json === true ? machineLine(running) : howToConnect(io, options, running));
    await stopped;
  } finally {
    await running.close();
  }
  return EXIT.answered;
}

function untilStopped(io: Io): Promise<void> {
  return new Promise((resolve) => {
    const off = io.onStop(() => {
      off();
      resolve();
    });
  });
}

function machineLine(running: Sandbox): string {
  const { url, tokenId, tokenSecret, fingerprint } = running;
  return JSON.stringify({ url, token_id: tokenId, token_secret: tokenSecret, fingerprint });
}

function howToConnect(io: Io, options: GlobalOptions, running: Sandbox): string {
  const paint = paintFor(io.stdout, io.env, options);
  const { url, tokenId, tokenSecret, fingerprint } = running;
  return [
    `${paint.bold('The sandbox is running:')} ${paint.cyan(url)}`,
    '',
    'Ask it from another terminal:',
    `  export PXA_PVE_URL=${url}`,
    `  export PXA_PVE_TOKEN_ID='${tokenId}'`,
    `  export PXA_PVE_TOKEN_SECRET=${tokenSecret}`,
    `  export PXA_PVE_FINGERPRINT=${fingerprint}`,
    '  pxa "show me all running VMs"',
    '',
    'Other clients: the same token, or root@pam with the password sandbox.',
    'Ctrl-C stops it; nothing is kept.',
  ].join('\n');
}
