import { displayWidth, harmless, pad } from '@pxa/assistant/render';
import { environmentConnection, HOW_TO_CONNECT } from '../connection/resolve.ts';
import type { SavedSummary } from '../connection/saved.ts';
import { listConnections, removeConnection, useConnection } from '../connection/saved.ts';
import { EXIT, usageError } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { paintFor } from '../terminal/look.ts';

/** `pxa connections [list|use NAME|remove NAME]`. */
export async function connections(io: Io, options: GlobalOptions, operands: string[]): Promise<ExitCode> {
  const [action = 'list', name] = operands;
  if (action === 'list') return list(io, options);
  if (action !== 'use' && action !== 'remove') {
    throw usageError(
      `pxa connections knows no ${JSON.stringify(action.slice(0, 80))}.`,
      'list, use NAME or remove NAME',
    );
  }
  if (name === undefined)
    throw usageError(`Which connection? pxa connections ${action} NAME`, 'pxa connections lists them.');
  if (action === 'use') {
    await useConnection(io, name);
    writeLine(io.stdout, `${name} is used from now on.`);
  } else {
    await removeConnection(io, name);
    writeLine(
      io.stdout,
      `${name} is forgotten. Its API token still exists in Proxmox: remove it there if nobody needs it.`,
    );
  }
  return EXIT.answered;
}

async function list(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const saved = await listConnections(io);
  if (options.json === true) {
    const shown = saved.map(({ name, url, identity, isCurrent }) => ({ name, url, identity, current: isCurrent }));
    writeLine(io.stdout, JSON.stringify(shown));
    return EXIT.answered;
  }
  if (saved.length === 0) {
    writeLine(io.stdout, 'No connection is saved.');
    writeLine(io.stdout, HOW_TO_CONNECT);
    return EXIT.answered;
  }
  for (const line of table(saved)) writeLine(io.stdout, line);
  const fromEnvironment = await environmentConnection(io);
  if (fromEnvironment !== undefined) {
    const { dim } = paintFor(io.stdout, io.env, options);
    writeLine(io.stdout, dim(`PXA_PVE_URL is set: ${fromEnvironment.url} is used before these.`));
  }
  return EXIT.answered;
}

function table(saved: SavedSummary[]): string[] {
  const width = (of: (one: SavedSummary) => string): number => Math.max(...saved.map((one) => displayWidth(of(one))));
  const nameWidth = width((one) => one.name);
  const urlWidth = width((one) => one.url);
  return saved.map((one) => {
    const mark = one.isCurrent ? '*' : ' ';
    return `${mark} ${pad(one.name, nameWidth, 'left')}  ${pad(harmless(one.url), urlWidth, 'left')}  ${harmless(one.identity)}`;
  });
}
