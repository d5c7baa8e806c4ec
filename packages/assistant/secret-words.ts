/** A word that says that a secret follows, as a person writes it: `password`, `cipassword`, `API token`, `secrets`. */
const NAMES = String.raw`\b\w*(?:password|passphrase|passwd|secret|token|credential|api[ -]?key)s?\b`;

const HIDDEN = '[hidden]';

/** Text in quotation marks of any kind; one that is not closed goes to the end. */
const QUOTED = /"[^"]*(?:"|$)|“[^”]*(?:”|$)|(?<!\w)'[^']*(?:'|$)|‘[^’]*(?:’|$)|«[^»]*(?:»|$)|`[^`]*(?:`|$)/g;

/** `password=x`, `password: x`, `password is x`, `password of bob to x`: at most six words lie between. */
const GIVEN = new RegExp(
  String.raw`(${NAMES}(?:\s+[^\s=:"“'‘«]+){0,6}?(?:\s*[=:]\s*|\s+(?:is|to|as)\s+))([^\s"“'‘«]+)`,
  'gi',
);

/** `password hunter2`: what stands right behind it and is no plain word. */
const BEHIND = new RegExp(String.raw`(${NAMES}\s+)(?=[^\s"“'‘«]*[^\sa-z"“'‘«.,;?-])([^\s"“'‘«]+)`, 'gi');

/** Proxmox's own header, and a login within an address. */
const FORMS: readonly (readonly [form: RegExp, shown: string])[] = [
  [/(PVEAPIToken=[^=\s]*=)\S+/gi, `$1${HIDDEN}`],
  [/(PVEAuthCookie=)\S+/gi, `$1${HIDDEN}`],
  [/(:\/\/[^\s:/@]+:)[^\s@/]+@/g, `$1${HIDDEN}@`],
];

/**
 * What a person said with the secrets taken out, as it may be kept: after a word like “password”, everything in quotation
 * marks, and what is given to it without any. It rather hides too much: what is done stands in the plan.
 */
export function hideSecretWords(text: string): string {
  const formed = FORMS.reduce((shown, [form, with_]) => shown.replace(form, with_), text);
  const first = new RegExp(NAMES, 'i').exec(formed);
  if (first === null) return formed;
  const before = formed.slice(0, first.index);
  const after = formed.slice(first.index);
  return before + after.replace(QUOTED, `"${HIDDEN}"`).replace(GIVEN, `$1${HIDDEN}`).replace(BEHIND, `$1${HIDDEN}`);
}

/**
 * A text that answers a request, without the secrets of it: a question back repeats the words that it is about. What a
 * person may choose from stays as it is, for they would say it.
 */
export function withoutSecretsOf(request: string, text: string): string {
  const shown = new Set(wordsOf(hideSecretWords(request)));
  const hidden = wordsOf(request).filter((word) => !shown.has(word));
  // The longest first: one may hold another. Whole words alone: a short one stands within others.
  return hidden
    .toSorted((a, b) => b.length - a.length)
    .reduce((left, word) => left.replace(new RegExp(`(?<!\\w)${escaped(word)}(?!\\w)`, 'g'), HIDDEN), text);
}

const escaped = (word: string): string => word.replaceAll(/[^\w\s]/g, '\\$&');

const wordsOf = (text: string): string[] => text.split(/[\s"“”'‘’«»`]+/).filter((word) => word.length > 0);

/** Whether something was taken out of a text, or would have to be. */
export function isHidden(text: string): boolean {
  return text.includes(HIDDEN) || hideSecretWords(text) !== text;
}
