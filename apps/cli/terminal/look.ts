import type { Paint, Style } from '@pxa/assistant/render';
import { ansiPaint, noPaint, plainStyle } from '@pxa/assistant/render';
import type { GlobalOptions } from '../options.ts';
import type { Io, Out } from '../io.ts';

/** Colours where a person looks at a terminal and has not declined them (https://no-color.org). */
export function paintFor(out: Out, env: Io['env'], options: Pick<GlobalOptions, 'color'>): Paint {
  if (!options.color || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return noPaint;
  if (out.isTTY === true || isForced(env)) return ansiPaint;
  return noPaint;
}

function isForced(env: Io['env']): boolean {
  const forced = env['FORCE_COLOR'] ?? env['CLICOLOR_FORCE'] ?? '';
  return forced !== '' && forced !== '0';
}

/** How answers are drawn on an output: fitted to a terminal; complete and plain for a pipe. */
export function styleFor(io: Io, options: GlobalOptions): Style {
  const isTerminal = io.stdout.isTTY === true;
  return {
    ...plainStyle,
    width: isTerminal ? Math.max(20, io.stdout.columns ?? 80) : undefined,
    paint: paintFor(io.stdout, io.env, options),
    explain: options.explain === true,
    bars: isTerminal,
  };
}
