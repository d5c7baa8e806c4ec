import { openCluster } from '../backend.ts';
import { EXIT } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { paintFor } from '../terminal/look.ts';
import type { Check } from '../doctor/checks.ts';
import { examine } from '../doctor/checks.ts';
import { wrap } from '@pxa/assistant/render';

const MARKS = { good: '✓', poor: '!', bad: '✗' } as const;

/** `pxa doctor`: whether everything between here and the cluster is as it should be. */
export async function doctor(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const opened = await openCluster(io, options);
  const stopping = new AbortController();
  const off = io.onStop(() => stopping.abort());
  try {
    const checks = await examine(
      opened.cluster.session({ signal: stopping.signal }).reader,
      () => opened.now(),
      opened.label,
    );
    if (options.json === true) writeLine(io.stdout, JSON.stringify(checks));
    else for (const check of checks) show(io, options, check);
    if (checks[0]?.state === 'bad') return EXIT.noConnection;
    return checks.some((check) => check.state === 'bad') ? EXIT.error : EXIT.answered;
  } finally {
    off();
    await opened.close();
  }
}

function show(io: Io, options: GlobalOptions, check: Check): void {
  const paint = paintFor(io.stdout, io.env, options);
  const colour = { good: paint.green, poor: paint.yellow, bad: paint.red }[check.state];
  const width = io.stdout.isTTY === true ? io.stdout.columns : undefined;
  const text = wrap(
    `${check.name.padEnd(12)} ${check.text}`,
    width === undefined ? undefined : width - 2,
    ' '.repeat(13),
  );
  writeLine(io.stdout, `${colour(MARKS[check.state])} ${text.replaceAll('\n', '\n  ')}`);
  if (check.next_step !== undefined)
    writeLine(io.stdout, wrap(`${' '.repeat(15)}→ ${check.next_step}`, width, ' '.repeat(17)));
}
