import { PveError } from './behaviour.ts';

/**
 * An error where Perl takes it for a text: a plain `die` gives its message, an exception with a code or with texts by
 * field writes these out (pve-common PVE/Exception.pm, stringify).
 */
export function refusalText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof PveError) || (error.status === 500 && !error.errors)) return error.message;
  const fields = Object.entries(error.errors ?? {}).map(([field, text]) => `${field}: ${text.trimEnd()}\n`);
  return `${error.status} ${error.message}${fields.join('')}`;
}
