import type { Circumstances, Problem, ProblemKind } from './problem.ts';

/** An answer other than success, as far as it could be read. */
export interface Refusal {
  status: number;
  /** Proxmox's words: `message` of the body, else the reason phrase (before libpve-http-server-perl 5.2.0 only that). */
  text: string;
  errors?: Record<string, string>;
}

/** What a 500 or 400 is about. Proxmox answers nearly everything with these two; only the words tell them apart. */
const KINDS_BY_TEXT: readonly (readonly [RegExp, ProblemKind])[] = [
  [/no quorum|not ready - no quorum/i, 'no_quorum'],
  [/^hostname lookup '.*' failed/, 'not_found'],
  [/^Configuration file '.*' does not exist/, 'not_found'],
  [/^unable to find (?:configuration file for )?(?:VM|CT) /, 'not_found'],
  [
    /^(?:storage|snapshot|user|group|role|pool|realm|domain|disk|job|rule|volume|resource) '.*' (?:does not exist|not found)/i,
    'not_found',
  ],
  [/^no such (?!uri)/i, 'not_found'],
  [/does not exist$/, 'not_found'],
  [/^got timeout$|^proxy loop detected|timed out$/, 'server'],
];

/** The problem behind an answer that is not success. */
export function problemOfAnswer(refusal: Refusal, where: Circumstances): Problem {
  const { status, errors } = refusal;
  const text = readable(refusal.text);
  const kind = kindOf({ ...refusal, text });
  const missing = kind === 'forbidden' ? missingPrivileges(text) : undefined;
  return {
    kind,
    status,
    message: messageOf(kind, { ...refusal, text }, where),
    next_step: nextStepOf(kind, text, where, missing),
    ...(missing === undefined ? {} : { missing }),
    ...(errors === undefined ? {} : { errors: cleanErrors(errors) }),
  };
}

function kindOf({ status, text, errors }: Refusal): ProblemKind {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 501) return 'not_implemented';
  if (status >= 595 && status <= 599) return 'node_unreachable';
  if (status === 504) return 'timeout';
  const aboutAbsence = Object.values(errors ?? {}).some((error) => /^no such /i.test(error));
  if (aboutAbsence) return 'not_found';
  const byText = KINDS_BY_TEXT.find(([pattern]) => pattern.test(text));
  if (byText !== undefined) return byText[1];
  return status >= 400 && status < 500 ? 'invalid' : 'server';
}

function messageOf(kind: ProblemKind, { status, text, errors }: Refusal, where: Circumstances): string {
  const { method, path, at, who, node = 'the node' } = where;
  const said = text === '' ? '' : `: ${text}`;
  if (kind === 'unauthenticated') return `${at} did not accept ${who} (401${text === '' ? '' : ` ${text}`}).`;
  if (kind === 'node_unreachable') return `${node} ${troubleOf(status)} (${status}${said}), asked through ${at}.`;
  const details = Object.entries(cleanErrors(errors ?? {})).map(([name, error]) => `${name}: ${error}`);
  return [`${method} ${path} at ${at} answered ${status}${said}`, ...details].join('\n  ');
}

/** AnyEvent::HTTP's pseudo status codes, which pveproxy passes on. */
function troubleOf(status: number): string {
  if (status === 595) return 'cannot be reached';
  if (status === 596) return 'did not answer in time';
  return 'broke off its answer';
}

function nextStepOf(kind: ProblemKind, text: string, where: Circumstances, missing: Problem['missing']): string {
  switch (kind) {
    case 'unauthenticated':
      return 'Check the token or password: that it exists, is enabled and has not expired, and that its secret is complete. Then connect again.';
    case 'forbidden':
      return forbiddenStep(text, where, missing);
    case 'not_found':
      return 'Check the name or number: it may have been removed, renamed or moved to another node since.';
    case 'invalid':
      return 'Correct what is named, then ask again.';
    case 'not_implemented':
      return 'This version of Proxmox VE has no such call. See its version with: pxa get /version';
    case 'node_unreachable':
      return `Check that ${where.node ?? 'the node'} is up and that the other nodes reach it: pvecm status on any node.`;
    case 'no_quorum':
      return 'The cluster has lost its quorum, so nothing can be changed. Bring back nodes, or see pvecm status on a node.';
    case 'timeout':
    case 'server':
      return `Ask again; if it stays so, look at the log of the node: journalctl -u pveproxy -u pvedaemon.`;
    case 'unreachable':
    case 'certificate':
    case 'not_proxmox':
    case 'cancelled':
      return 'Ask again.';
  }
}

function forbiddenStep(text: string, { who }: Circumstances, missing: Problem['missing']): string {
  if (missing !== undefined) {
    const which = missing.privileges.join(' or ');
    const both = who.includes('!') ? ' A token with privilege separation needs it, and its user as well.' : '';
    return `Give ${who} a role with ${which} on ${missing.path} (Datacenter > Permissions).${both}`;
  }
  if (/user != root@pam/.test(text)) return 'Proxmox VE reserves this call for root@pam itself; no token can make it.';
  if (/not available with API token/.test(text))
    return 'This call needs a login with a password; no token can make it.';
  return `Give ${who} the privileges for this (Datacenter > Permissions).`;
}

/** `Permission check failed (/vms/300, VM.Config.Disk|VM.Config.CDROM)`: pve-access-control RPCEnvironment.pm. */
function missingPrivileges(text: string): Problem['missing'] {
  const found = /Permission check failed \((\/[^,)]*),\s*([A-Za-z.|, ]+)\)/.exec(text);
  if (found === null) return undefined;
  const [, path = '', privileges = ''] = found;
  return { path, privileges: privileges.split(/[|,\s]+/).filter((privilege) => privilege !== '') };
}

function cleanErrors(errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(errors).map(([name, error]) => [readable(name), readable(error)]));
}

const LONGEST_TEXT = 1_000;

/** A server's words as they can be shown in a terminal: one line, no control characters, not without end. */
export function readable(text: string): string {
  // Control characters would move the cursor or worse; line ends are the usual ones among them.
  const line = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line;
}
