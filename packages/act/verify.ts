import type { Fact, Proof } from '@pxa/contract';
import type { Execution } from './execution.ts';
import { differsInWords, unreadableInWords } from './facts.ts';
import { canonical } from './hash.ts';
import { settleMs } from './step.ts';

/**
 * Reads afresh what the steps that were done should have made so. Undefined where nothing was done, or nothing of it can
 * be told by reading.
 *
 * @throws what ended the hold
 */
export async function verify(x: Execution): Promise<Proof | undefined> {
  const done = x.journal.steps.filter(({ state }) => state === 'done').map(({ index }) => index);
  const facts = expectedAfter(x, done);
  if (facts.length === 0) return undefined;
  const found = await x.facts(facts, settleMs(x, done));
  const at = x.journal.at();
  if (found.holds === true) return { outcome: 'verified', at, differs: [] };
  const differs = found.holds === false ? found.differs.map(differsInWords) : found.unknown.map(unreadableInWords);
  return { outcome: 'unverified', at, differs };
}

/** What should be so after some steps: the last word on each thing, and none on guests that a later one moved or removed. */
function expectedAfter(x: Execution, done: readonly number[]): Fact[] {
  const facts: Fact[] = [];
  for (const index of done) {
    const gone = placeLeft(x, index);
    const latest = x.record.records[index]?.expects ?? [];
    const kept = facts.filter((fact) => !isWithin(fact, gone) && !latest.some((later) => isAboutTheSame(fact, later)));
    facts.splice(0, facts.length, ...kept, ...latest);
  }
  return facts;
}

/** The path of a guest that a step leaves behind: it is removed, or is found on another node from then on. */
function placeLeft(x: Execution, index: number): string | undefined {
  const { method = '', path = '' } = x.record.plan.steps[index] ?? {};
  const found =
    /^(?:DELETE (\/nodes\/[^/]+\/(?:qemu|lxc)\/\d+)|POST (\/nodes\/[^/]+\/(?:qemu|lxc)\/\d+)\/migrate)$/.exec(
      `${method} ${path}`,
    );
  return found?.[1] ?? found?.[2];
}

const isWithin = ({ read }: Fact, place: string | undefined): boolean =>
  place !== undefined && (read.path === place || read.path.startsWith(`${place}/`));

/** The same value of the same read, or one within the other: what is gone has no parts. */
function isAboutTheSame(earlier: Fact, later: Fact): boolean {
  const guest = statusOf(earlier);
  if (guest !== undefined && guest === statusOf(later)) return true;
  if (canonical(earlier.read) !== canonical(later.read)) return false;
  const [a, b] = [earlier.at, later.at];
  const length = Math.min(a.length, b.length);
  if (!a.slice(0, length).every((key, index) => key === b[index])) return false;
  return a.length === b.length || earlier.is === null || later.is === null;
}

/** The guest whose status a fact is about: its own read and the list of guests tell of it, wherever it is. */
function statusOf({ read, at }: Fact): string | undefined {
  if (at.at(-1) !== 'status') return undefined;
  const own = /^\/nodes\/[^/]+\/(?:qemu|lxc)\/(\d+)\/status\/current$/.exec(read.path)?.[1];
  return own ?? (read.path === '/cluster/resources' ? /^\[vmid=(\d+)\]$/.exec(at[0] ?? '')?.[1] : undefined);
}
