import { isSecretName } from '@pxa/assistant/store';

const HIDDEN = '[hidden]';

/**
 * Secrets that are known by their form, wherever they stand. Whoever sends a request chooses what is looked through here: each
 * form begins where nothing of it stands before, and is bounded, so that the time grows with the length and no faster.
 */
const FORMS: readonly (readonly [form: RegExp, shown: string])[] = [
  [/PVEAPIToken=[^\s"'\\,;]+/gi, `PVEAPIToken=${HIDDEN}`],
  [/\bPVEAuthCookie=[^\s"'\\,;]+/gi, `PVEAuthCookie=${HIDDEN}`],
  [/\bPVE(?:VNC|TFA|SPICE)?:[^\s"'\\:]+:[0-9A-F]{8}:[^\s"'\\]*/g, HIDDEN],
  [/pxa_[\w-]{16,}/g, `pxa_${HIDDEN}`],
  [/whsec_[\w+/=-]{8,}/g, `whsec_${HIDDEN}`],
  [/(?<![\w-])eyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, HIDDEN],
  [/\b(Bearer|Basic|Digest) +(?=[\w.~+/=-]*[\d=._-])[\w.~+/=-]{8,}/gi, `$1 ${HIDDEN}`],
  [/(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}:\/\/[^\s/"'@:]*):[^\s/"'@]+@/gi, `$1:${HIDDEN}@`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, HIDDEN],
];

const NAME =
  '[\\w-]*(?:pass(?:word|wd|phrase)?|secret|api[_-]?key|private[_-]?key|credentials|authorization|cookie|csrfpreventiontoken|ticket|otp)';
/** `password=…` in a URL or a form. */
const PAIR = new RegExp(
  `(?<![\\w-])(${NAME}|token|access_token|refresh_token|id_token|code)=(?!\\[hidden\\])[^\\s&"'\\\\]+`,
  'gi',
);
/** `"password":"…"` in a text that holds JSON, also where that was put into JSON before. */
const MEMBER = new RegExp(
  `(\\\\{0,8}"(?:${NAME}|token|access_token|refresh_token)\\\\{0,8}" {0,8}: {0,8}\\\\{0,8}")(?:\\\\.|[^"\\\\])+`,
  'gi',
);

/** A text that people or programs read, without the secrets that can be told by their form. */
export function scrubbed(text: string): string {
  const known = FORMS.reduce((rest, [form, shown]) => rest.replace(form, shown), text);
  return known.replace(PAIR, `$1=${HIDDEN}`).replace(MEMBER, `$1${HIDDEN}`);
}

/** A line of the log, which is JSON: each text in it, and whatever stands at names of secrets. */
export function scrubbedLine(line: string): string {
  try {
    return `${JSON.stringify(scrubbedWhole(JSON.parse(line)))}\n`;
  } catch {
    return scrubbed(line);
  }
}

function scrubbedWhole(value: unknown): unknown {
  if (typeof value === 'string') return scrubbed(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(scrubbedWhole);
  const entries = Object.entries(value).map(([name, inner]: [string, unknown]) => [
    name,
    isSecretName(name) ? HIDDEN : scrubbedWhole(inner),
  ]);
  return Object.fromEntries(entries);
}

/** Longer texts of a request are not told back whole. */
const MOST_LETTERS = 500;
const MOST_DEPTH = 6;
const MOST_ENTRIES = 50;

/** A value that came with a request, as it may be told back: bounded, and without what stands at names of secrets. */
export function scrubbedValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string')
    return scrubbed(value.length > MOST_LETTERS ? `${value.slice(0, MOST_LETTERS)}…` : value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MOST_DEPTH) return '…';
  if (Array.isArray(value)) return value.slice(0, MOST_ENTRIES).map((each) => scrubbedValue(each, depth + 1));
  return scrubbedRecord(value, depth);
}

/** The same for what is known to have names. */
export function scrubbedRecord(value: object, depth = 0): Record<string, unknown> {
  const entries = Object.entries(value).slice(0, MOST_ENTRIES);
  return Object.fromEntries(
    entries.map(([name, inner]: [string, unknown]) => [
      name,
      isSecretName(name) ? HIDDEN : scrubbedValue(inner, depth + 1),
    ]),
  );
}

/** Whether what stands at a path of a request (`security.password`) is a secret by its name. */
export const isSecretPath = (path: string): boolean => path.split('.').some(isSecretName);
