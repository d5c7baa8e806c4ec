import { inspect } from 'node:util';

const HIDDEN = '[hidden]';

/**
 * A secret that shows itself to nobody who prints, logs or serialises it. Only `reveal` gives it, and only the code
 * that puts it on the wire calls that.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/** Shorter secrets are not looked for in texts: "a" would be found everywhere, and hiding it would say what it is. */
const SHORTEST_SCRUBBED = 4;

/** What lets somebody in, of whomever it is: tickets (PVE::Ticket::assemble_rsa_ticket), tokens as they are sent, passwords of a form. */
const CREDENTIALS: readonly (readonly [form: RegExp, shown: string])[] = [
  [/\bPVE[A-Z]{0,8}:[^\s"'\\:]{1,200}:[0-9A-F]{8}:[^\s"'\\]*/g, HIDDEN],
  [/\b(PVEAPIToken|PVEAuthCookie)=[^\s"'\\,;]+/gi, `$1=${HIDDEN}`],
  [/(?<![\w-])((?:new|old)?-?(?:password|passwd|secret))=[^\s"'\\,;&]+/gi, `$1=${HIDDEN}`],
];

/** `text` without any of the secrets, raw or percent-encoded, should a server have sent one back; nor of anybody else. */
export function scrub(text: string, secrets: readonly Secret[]): string {
  let clean = text;
  for (const secret of secrets) {
    const value = secret.reveal();
    if (value.length < SHORTEST_SCRUBBED) continue;
    clean = clean.replaceAll(value, HIDDEN).replaceAll(encodeURIComponent(value), HIDDEN);
  }
  return CREDENTIALS.reduce((rest, [form, shown]) => rest.replace(form, shown), clean);
}
