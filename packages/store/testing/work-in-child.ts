/** What child.ts starts: one process with a store of its own. */
import { writeSync } from 'node:fs';
import { once } from 'node:events';
import { openStore, type StorePlace } from '../open.ts';
import type { Store } from '../store.ts';
import type { Task } from './child.ts';
import { approvalOf, at, entry, eventOf, jobOf, planOf, stepOf, word } from './samples.ts';

/** Written at once, so that a line that was seen was acknowledged before, and none waits in a buffer. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

/** How many approvals are there for the children to contend for. */
const CONTENDED = 20;

const tasks: Record<Task, (store: Store, name: string) => Promise<void>> = {
  async open() {
    say('opened');
  },
  async contend(store, name) {
    for (let number = 0; number < CONTENDED; number++) {
      const approval = approvalOf(planOf(String(number)));
      const decided = await store.decide(approval.id, approval.plan_hash, word(name), entry('decided'));
      if (decided.ok) say(`decided ${number}`);
      const job = jobOf(approval, { id: `job-${number}-${name}` });
      const begun = await store.begin(approval.id, job, entry('begun'));
      if (begun.ok) say(`begun ${number}`);
    }
  },
  async audit(store, name) {
    for (let number = 0; number < 50; number++) await store.audit(entry(`${name} ${number}`));
  },
  async work(store, name) {
    for (let number = 0; ; number++) await workOn(store, `${name}-${number}`);
  },
};

/** One plan from its proposal to the end of its job. */
async function workOn(store: Store, id: string): Promise<void> {
  const record = planOf(id);
  const approval = approvalOf(record);
  await store.propose(record, approval, entry('proposed'));
  say(`proposed ${id}`);
  await store.decide(approval.id, approval.plan_hash, word('anna'), entry('decided'));
  say(`approved ${id}`);
  const job = jobOf(approval);
  await store.begin(approval.id, job, entry('begun'));
  say(`queued ${id}`);
  const claim = await store.claim({ jobId: job.id, owner: 'child', now: 0, leaseMs: 1000 });
  if (claim === undefined) throw new Error(`nobody else holds ${id}`);
  await store.start(claim, at(2), eventOf(job.id, 'started', { kind: 'started' }));
  say(`running ${id}`);
  for (const { index } of job.steps) {
    await store.step(claim, stepOf(index, 'done'), [eventOf(job.id, 'a'), eventOf(job.id, 'b')], entry('step'));
    say(`step ${index} ${id}`);
  }
  const ending = { state: 'done' as const, at: at(3), result: 'done' };
  await store.end(claim, ending, eventOf(job.id, 'ended', { kind: 'ended' }), entry('ended'));
  say(`done ${id}`);
}

// child.ts gives the arguments
const [task, place, name = ''] = process.argv.slice(2) as [Task, string, string?];
const where = JSON.parse(place) as StorePlace;
say('ready');
await once(process.stdin, 'data');
process.stdin.unref();
try {
  const store = await openStore(where, { now: () => Date.parse(at(0)) });
  await tasks[task](store, name);
  await store.close();
} catch (error) {
  say(String(error));
}
process.exit();
