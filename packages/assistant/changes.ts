import type { RunDeps, RunHooks } from '@pxa/act';
import type { Run } from '@pxa/ask';
import type { Thresholds } from '@pxa/catalog';
import type {
  Answer,
  Approval,
  AuditRecord,
  Command,
  Finding,
  Job,
  JobEvent,
  JobState,
  Person,
  PlanRecord,
} from '@pxa/contract';
import type { Cluster } from '@pxa/pve';
import type { Decided, Store } from '@pxa/store';
import type { ChangeOptions } from './change-options.ts';
import { goOnWith } from './going-on.ts';
import { ClusterSilent, clusterName, shown, tagsOf } from './plan-parts.ts';
import { byThemselves, doomed, questionOf, refusalOf, soAlready } from './plan-replies.ts';
import { hideSecretWords } from './secret-words.ts';

/** What is done about plans and jobs: by the word of a person whom a door knows. */
export interface Changes {
  /** The connection that this is, as `ChangeOptions` named it. */
  readonly connection: string;
  /** Lists hold the newest, and no more than so many. */
  readonly mostListed: number;
  approvals(state?: Approval['state']): Promise<Approval[]>;
  /** By the id of a plan or of its approval. */
  plan(id: string): Promise<{ record: PlanRecord; approval: Approval } | undefined>;
  /** Approves and makes the job, which `carryOut` then does; more words may be needed before there is one. */
  approve(id: string, by: Person, typed?: string): Promise<Approved>;
  /**
   * The same for a plan that was asked for before by the same request, whose attempt broke off: goes on from where that
   * stands, and gives the job that there is. Undefined where nothing was begun and nothing can be: it is to be planned anew.
   */
  goOn(id: string, by: Person, typed?: string): Promise<Approved | undefined>;
  cancel(id: string, by: Person): Promise<Decided>;
  /** Carries a job out, or goes on with one that was left, and gives it as it ended. */
  carryOut(jobId: string, hooks?: RunHooks): Promise<Job>;
  /** Takes up what a process left that is no more. */
  resume(hooks?: RunHooks): Promise<Job[]>;
  jobs(states?: readonly JobState[]): Promise<Job[]>;
  /** Those that have not ended and that nobody works on, of any cluster: a process left them. Oldest first. */
  left(): Promise<Job[]>;
  job(id: string): Promise<Job | undefined>;
  cancelJob(id: string, by: Person): Promise<boolean>;
  events(jobId: string, after: number): Promise<JobEvent[]>;
  /** The last so many; the number of the first tells how many are before it. */
  lastEvents(jobId: string, limit: number): Promise<JobEvent[]>;
  audit(after: number): Promise<AuditRecord[]>;
  /** What would take a job back, as a command; or why nothing does. */
  undoing(jobId: string): Promise<Command | { readonly refused: string }>;
  /** The cluster behind this connection, as plans and jobs name it. */
  clusterId(): Promise<string>;
  store(): Promise<Store>;
}

export type Approved =
  | { readonly ok: true; readonly approval: Approval; readonly job: Job | undefined }
  | { readonly ok: false; readonly refused: string; readonly asksFor?: 'confirm' };

type Body =
  | Pick<Extract<Answer, { kind: 'plan' }>, 'kind' | 'plan' | 'findings'>
  | Pick<Extract<Answer, { kind: 'answer' }>, 'kind' | 'findings'>
  | Pick<Extract<Answer, { kind: 'clarification' }>, 'kind' | 'clarification' | 'findings'>;

const pageSize = 200;

/** Plans, approvals and jobs over one connection. The code behind it is loaded with the first use. */
export class ChangeRoad implements Changes {
  readonly mostListed = pageSize;
  readonly connection: string;
  readonly #options: ChangeOptions;
  readonly #cluster: Cluster;
  readonly #now: () => number;
  #store: Promise<Store> | undefined;
  #clusterId: Promise<string> | undefined;

  constructor(options: ChangeOptions, cluster: Cluster, now: () => number) {
    this.#options = options;
    this.#cluster = cluster;
    this.#now = now;
    this.connection = options.connection;
  }

  store(): Promise<Store> {
    this.#store ??= this.#options.openStore().catch((error: unknown) => {
      // What was in the way may be mended by the next time.
      this.#store = undefined;
      throw error;
    });
    return this.#store;
  }

  /** What a command would do, kept and waiting for a person's word; or why there is nothing to approve. */
  async propose(
    command: Command,
    said: { request: string; by: Person | undefined; run: Run; thresholds: Thresholds; notes: Finding[] },
  ): Promise<Body> {
    const [{ draftPlan, proposalOf, proposalAudit, defaultRules, rehearsePlan }, { actions }] = await Promise.all([
      import('@pxa/act'),
      import('@pxa/catalog'),
    ]);
    const { run, thresholds, request, notes } = said;
    const drafted = await draftPlan(command, {
      run,
      actions,
      thresholds,
      self: this.#options.user,
      files: this.#options.files,
    });
    switch (drafted.kind) {
      case 'already':
        return { kind: 'answer', findings: [...drafted.texts.map(soAlready), ...notes] };
      case 'ask':
        return { kind: 'clarification', clarification: questionOf(drafted), findings: notes };
      case 'refused':
        return { kind: 'clarification', clarification: refusalOf(drafted.refusals, drafted.turn), findings: notes };
      case 'draft': {
        const action = actions.get(drafted.draft.action);
        if (action === undefined) throw new Error(`the catalogue has no action ${drafted.draft.action}`);
        const { record, approval } = proposalOf(drafted.draft, {
          action,
          request: hideSecretWords(request),
          by: said.by ?? this.#options.person,
          cluster: await this.clusterId(run),
          now: this.#now(),
          id: this.#options.id,
          rules: {
            ...defaultRules,
            ...this.#options.rules,
            needed: { ...defaultRules.needed, ...this.#options.rules?.needed },
          },
          tags: await tagsOf(run, drafted.draft.targets),
        });
        // Nothing goes to the cluster here: the plan is carried out on a twin of it in memory.
        const { rehearsal, changes } = await rehearsePlan(run, record, this.#options.user);
        if (rehearsal.outcome === 'failed') {
          const reasons = [doomed(rehearsal.text), ...byThemselves(command)];
          return { kind: 'clarification', clarification: refusalOf(reasons), findings: notes };
        }
        const plan = {
          ...record.plan,
          rehearsal,
          changes: record.plan.changes.length > 0 ? record.plan.changes : [...changes],
        };
        const rehearsed = { ...record, plan };
        await (await this.store()).propose(rehearsed, approval, proposalAudit(rehearsed));
        return { kind: 'plan', plan: await shown(plan), findings: notes };
      }
    }
  }

  /** The cluster by its own name (a single node's by the node's), over this connection. */
  clusterId(run?: Run): Promise<string> {
    this.#clusterId ??= (async () => {
      const { reader } = this.#cluster.session();
      const read = run === undefined ? await reader.get('/cluster/status', {}) : await run.read('/cluster/status', {});
      if (read.ok) return `${clusterName(read.data)} at ${this.#options.connection}`;
      this.#clusterId = undefined;
      throw 'problem' in read
        ? new ClusterSilent(read.problem.message, read.problem.next_step, read.problem)
        : new ClusterSilent(read.why, read.nextStep);
    })();
    return this.#clusterId;
  }

  async approvals(state?: Approval['state']): Promise<Approval[]> {
    const now = new Date(this.#now()).toISOString();
    return (await this.store()).approvals({ now, limit: pageSize, ...(state === undefined ? {} : { state }) });
  }

  async plan(id: string): Promise<{ record: PlanRecord; approval: Approval } | undefined> {
    const store = await this.store();
    const approval = (await store.approvalOf(id)) ?? (await store.approval(id));
    const record = approval === undefined ? undefined : await store.plan(approval.plan_id);
    return approval === undefined || record === undefined ? undefined : { record, approval };
  }

  async approve(id: string, by: Person, typed?: string): Promise<Approved> {
    const found = await this.plan(id);
    const here = await this.clusterId();
    if (found !== undefined && found.approval.cluster !== here) {
      return {
        ok: false,
        refused: `That plan is for ${found.approval.cluster}, and this is ${here}. Choose its connection with --connection.`,
      };
    }
    const { approve, begin } = await import('@pxa/act');
    const deps = { store: await this.store(), now: this.#now, id: this.#options.id };
    const decided = await approve(deps, found?.approval.id ?? id, by, typed);
    if (!decided.ok) return decided;
    if (decided.approval.state !== 'approved') return { ok: true, approval: decided.approval, job: undefined };
    const begun = await begin(deps, decided.approval.id);
    return begun.ok ? { ok: true, approval: decided.approval, job: begun.job } : begun;
  }

  async goOn(id: string, by: Person, typed?: string): Promise<Approved | undefined> {
    const deps = { store: await this.store(), now: this.#now, id: this.#options.id };
    const found = await this.plan(id);
    return found && goOnWith(deps, found.approval, { by, approve: () => this.approve(id, by, typed) });
  }

  async cancel(id: string, by: Person): Promise<Decided> {
    const found = await this.plan(id);
    const { cancel } = await import('@pxa/act');
    return cancel({ store: await this.store(), now: this.#now }, found?.approval.id ?? id, by);
  }

  async carryOut(jobId: string, hooks: RunHooks = {}): Promise<Job> {
    const { runJob } = await import('@pxa/act');
    return runJob(await this.#runDeps(), jobId, hooks);
  }

  async resume(hooks: RunHooks = {}): Promise<Job[]> {
    const { resumeDue } = await import('@pxa/act');
    return resumeDue(await this.#runDeps(), hooks);
  }

  async #runDeps(): Promise<RunDeps> {
    const { owner, sleep, user, files } = this.#options;
    const [store, clusterId] = await Promise.all([this.store(), this.clusterId()]);
    return { store, cluster: this.#cluster, clusterId, user, owner, now: this.#now, sleep, ...(files && { files }) };
  }

  async jobs(states?: readonly JobState[]): Promise<Job[]> {
    return (await this.store()).jobs({ limit: pageSize, ...(states === undefined ? {} : { states }) });
  }

  async left(): Promise<Job[]> {
    const store = await this.store();
    const open = await store.jobs({ states: ['queued', 'running'], limit: pageSize });
    const clusters = [...new Set(open.map(({ cluster }) => cluster))];
    const of = { now: this.#now(), limit: pageSize };
    const due = new Set((await Promise.all(clusters.map((cluster) => store.due({ ...of, cluster })))).flat());
    return open.filter(({ id }) => due.has(id)).reverse();
  }

  async job(id: string): Promise<Job | undefined> {
    return (await this.store()).job(id);
  }

  async undoing(jobId: string): Promise<Command | { readonly refused: string }> {
    const job = await this.job(jobId);
    if (job === undefined) return { refused: `There is no job ${jobId}. List them with: pxa jobs` };
    const record = await (await this.store()).plan(job.plan_id);
    if (record?.undo === undefined) {
      return {
        refused: `Nothing takes this back: ${job.says}. Where data was lost, a backup or a snapshot may have it.`,
      };
    }
    if (job.state === 'queued' || job.state === 'running') return { refused: `Job ${jobId} has not ended yet.` };
    const { action, targets, input } = record.undo;
    return { action, targets, input, says: `take back: ${job.says}` };
  }

  async cancelJob(id: string, by: Person): Promise<boolean> {
    const { cancelJob } = await import('@pxa/act');
    return cancelJob({ store: await this.store(), now: this.#now }, id, by);
  }

  async events(jobId: string, after: number): Promise<JobEvent[]> {
    return (await this.store()).events(jobId, after, pageSize);
  }

  async lastEvents(jobId: string, limit: number): Promise<JobEvent[]> {
    return (await this.store()).lastEvents(jobId, limit);
  }

  async audit(after: number): Promise<AuditRecord[]> {
    return (await this.store()).auditLog(after, pageSize);
  }

  async close(): Promise<void> {
    // One that could not be opened has nothing to close, and whoever wanted it was told.
    await this.#store?.then(
      (store) => store.close(),
      () => undefined,
    );
  }
}
