import { harmless } from '@pxa/assistant/render';
import { connectTo, sayKinds } from '../backend.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { problemError } from '../problem-error.ts';
import type { Dialog } from '../terminal/dialog.ts';
import { paintFor } from '../terminal/look.ts';
import type { Connection } from './connection.ts';
import { identityName } from './connection.ts';
import { areAllLacking, parsePermissions, sayShortcoming, shortcomings } from './privileges.ts';

/** Signs in once, and says what the identity will not be able to see. Refusals are thrown. */
export async function signIn(io: Io, options: GlobalOptions, connection: Connection, dialog: Dialog): Promise<void> {
  const cluster = await connectTo(connection, {
    askOtp: (kinds) => dialog.secret(sayKinds(kinds)),
  });
  try {
    const { reader } = cluster.session();
    const version = await reader.get('/version', {});
    if (!version.ok) throw problemError(version.problem);
    const paint = paintFor(io.stdout, io.env, options);
    const release = harmless(String(version.data.version ?? 'of unknown version'));
    writeLine(
      io.stdout,
      `${paint.green('Signed in')} to Proxmox VE ${release} as ${identityName(connection.identity)}.`,
    );
    const permissions = await reader.get('/access/permissions', {});
    if (!permissions.ok) throw problemError(permissions.problem);
    sayPermissions(io, options, connection, permissions.data);
  } finally {
    await cluster.close();
  }
}

function sayPermissions(io: Io, options: GlobalOptions, connection: Connection, data: unknown): void {
  const { yellow } = paintFor(io.stdout, io.env, options);
  const permissions = parsePermissions(data);
  const lacking = shortcomings(permissions);
  if (lacking.length === 0) {
    writeLine(io.stdout, 'It may read everything that pxa can be asked about.');
    return;
  }
  const nothing = areAllLacking(permissions);
  writeLine(
    io.stdout,
    yellow(nothing ? 'It has no privilege at all: pxa will see next to nothing.' : 'What it will not be able to tell:'),
  );
  for (const each of lacking) writeLine(io.stdout, `  ${sayShortcoming(each)}`);
  const who = connection.identity.kind === 'token' ? '-token' : '-user';
  writeLine(io.stdout, 'For reading, the role PVEAuditor on / is enough for nearly all of it. On a node:');
  writeLine(io.stdout, `  pveum acl modify / ${who} '${identityName(connection.identity)}' -role PVEAuditor`);
}
