import type { Approval, Person } from '@pxa/contract';
import type { Store } from '@pxa/store';
import type { Approved } from './changes.ts';

interface GoingOn {
  /** Whose request it is. */
  readonly by: Person;
  readonly approve: () => Promise<Approved>;
}

/**
 * Goes on with a plan whose request broke off somewhere between its proposal and its job: whatever was done of it is not
 * done again. Undefined where nothing was begun and nothing can be any more.
 */
export async function goOnWith(
  deps: { readonly store: Store; readonly now: () => number; readonly id: (prefix: string) => string },
  approval: Approval,
  { by, approve }: GoingOn,
): Promise<Approved | undefined> {
  switch (approval.state) {
    case 'expired':
      return undefined;
    case 'cancelled':
      return { ok: false, refused: 'This plan was cancelled.' };
    case 'used':
      return { ok: true, approval, job: await deps.store.jobOf(approval.id) };
    case 'pending': {
      // One person's word counts once: where another one is waited for, it has been given.
      const isSaid = approval.decisions.some(({ by: { name } }) => name === by.name);
      return isSaid ? { ok: true, approval, job: undefined } : approve();
    }
    case 'approved': {
      const { begin } = await import('@pxa/act');
      const begun = await begin(deps, approval.id);
      return begun.ok ? { ok: true, approval, job: begun.job } : begun;
    }
  }
}
