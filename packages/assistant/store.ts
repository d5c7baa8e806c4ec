/** The door to what must last: plans, approvals, jobs and the audit log. Loaded by itself, with the first of them. */
export { openAll, openStore, StoreFailed, verifyAuditLog } from '@pxa/store';
export type { AuditVerdict, Lease, LeaseStore, Seal, SealSource, ServiceStore, Store, StorePlace } from '@pxa/store';
