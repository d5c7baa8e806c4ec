import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { plural } from '@pxa/assistant/render';
import type { StorePlace } from '@pxa/assistant/store';
import { CliError, EXIT, type ExitCode, usageError } from '../exit.ts';
import { type Io, writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { fileTrouble, hasCode } from '../private-file.ts';
import { storePlace } from '../serving/compose.ts';
import { keyName } from '../vault/key-name.ts';

type Told = Awaited<ReturnType<(typeof import('@pxa/assistant/store'))['exportStore']>>;

/** `pxa store export FILE | import FILE`: everything that is kept, to a file of JSON lines and from one. */
export async function store(io: Io, options: GlobalOptions, operands: string[]): Promise<ExitCode> {
  const [action, file, ...more] = operands;
  if (file === undefined || more.length > 0) throw usageError('Which file? pxa store export FILE, or import FILE');
  const place = storePlace(io, 'on disk');
  switch (action) {
    case 'export':
      return told(io, options, { done: 'exported', place, file, end: await writeExport(io, place, file) });
    case 'import':
      return told(io, options, { done: 'imported', place, file, end: await readImport(place, file) });
    default:
      throw usageError(`pxa store knows no ${JSON.stringify(String(action).slice(0, 80))}.`, 'export or import');
  }
}

/** Whole or not at all, and readable by its owner alone: it holds hashes of tokens, and all that was ever done. */
async function writeExport(io: Io, place: StorePlace, path: string): Promise<Told> {
  const { exportStore } = await import('@pxa/assistant/store');
  const temporary = `${path}.${io.id()}.tmp`;
  try {
    await refuseThere(path);
    const file = await open(temporary, 'wx', 0o600);
    try {
      // `write` may take less than it is given, where the disk is about to be full.
      const end = await exportStore(place, (line) => file.appendFile(`${line}\n`));
      await file.sync();
      await rename(temporary, path);
      return end;
    } finally {
      await file.close();
    }
  } catch (error) {
    // What was never made is not there to be removed.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileProblem(error, path);
  }
}

/** An older export is not written over. */
async function refuseThere(path: string): Promise<void> {
  const there = await open(path, 'r').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  await there?.close();
  if (there !== undefined)
    throw new CliError(EXIT.error, `${path} is there already.`, 'Name another file, or move it away.');
}

async function readImport(place: StorePlace, path: string): Promise<Told> {
  const { importStore } = await import('@pxa/assistant/store');
  const file = await open(path, 'r').catch((error: unknown) => {
    throw fileProblem(error, path);
  });
  try {
    return await importStore(place, linesOf(file));
  } finally {
    await file.close();
  }
}

/** The lines of a file, which is read from when the first is asked for: what was read before that, nobody would hear of. */
async function* linesOf(file: FileHandle): AsyncGenerator<string> {
  yield* createInterface({
    input: createReadStream('', { fd: file, encoding: 'utf8', autoClose: false }),
    crlfDelay: Infinity,
  });
}

/** What the system has against a file, told as that. */
function fileProblem(error: unknown, path: string): unknown {
  const trouble = error instanceof CliError ? undefined : fileTrouble(error);
  return trouble === undefined
    ? error
    : new CliError(EXIT.error, `${path}: ${trouble}.`, 'Mend that, or name another file.');
}

async function told(
  io: Io,
  options: GlobalOptions,
  { done, place, file, end }: { done: string; place: StorePlace; file: string; end: Told },
): Promise<ExitCode> {
  const { counts, audit, sealed } = end;
  const key = sealed === 0 ? null : await keyName(io);
  if (options.json === true) {
    writeLine(io.stdout, JSON.stringify({ file, store: place.kind, counts, audit, sealed, key }));
    return EXIT.answered;
  }
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const engine = place.kind === 'postgres' ? 'PostgreSQL' : 'the embedded store';
  writeLine(io.stdout, `${plural(rows, 'row')} ${done}, ${file} ${done === 'exported' ? 'from' : 'into'} ${engine}.`);
  writeLine(io.stdout, `The audit log is whole: ${plural(audit.count, 'record')}, head ${audit.hash}`);
  if (key !== null) {
    writeLine(
      io.stdout,
      `Still sealed: ${plural(sealed, 'row')}. Only the key of the store that was exported opens that.`,
    );
    writeLine(io.stdout, `The key here is ${key}: whoever is to open it needs the same.`);
  }
  return EXIT.answered;
}
