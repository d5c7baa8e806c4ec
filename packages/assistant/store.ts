/** The door to what must last: plans, approvals, jobs and the audit log. Loaded by itself, with the first of them. */
export { openStore, StoreFailed, verifyAuditLog } from '@pxa/store';
export type { AuditVerdict, Seal, SealSource, Store, StorePlace } from '@pxa/store';
