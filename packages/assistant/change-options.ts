import type { ApprovalRules, RunDeps } from '@pxa/act';
import type { LocalFiles } from '@pxa/catalog';
import type { Person } from '@pxa/contract';
import type { Store } from '@pxa/store';

/** What changes need beside what questions do. Without it, an assistant only reads. */
export interface ChangeOptions {
  /** Opens what must last; called with the first order, approval or job. */
  readonly openStore: () => Promise<Store>;
  /** Which connection this is: a plan is carried out over the one that it was made over, and no other. */
  readonly connection: string;
  /** Who we are to Proxmox, as its tasks name it: `root@pam`, or `root@pam!pxa` for a token. */
  readonly user: string;
  /** Who speaks, where a request does not say so itself. */
  readonly person: Person;
  /** A name for this process among those that could carry a job out. */
  readonly owner: string;
  /** A new id after a prefix: `plan_k3v9`. */
  readonly id: (prefix: string) => string;
  readonly sleep: RunDeps['sleep'];
  /** The files of the computer that the person sits at; only for a door that runs there. */
  readonly files?: LocalFiles;
  /** Who must approve what, where that is not as usual: one person, who may be the one that asked, within 15 minutes. */
  readonly rules?: Rules;
}

/** What may be set of the rules of approval. */
export type Rules = Partial<Omit<ApprovalRules, 'needed'>> & { readonly needed?: Partial<ApprovalRules['needed']> };
