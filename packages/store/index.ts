/** What must last: one schema, on SQLite beside the product or on PostgreSQL for several replicas. */
export * from './store.ts';
export { auditHash, auditRecords, type AuditVerdict, verifyAudit, verifyAuditLog } from './audit.ts';
export { openAll, openStore, type StoreDeps, type StorePlace } from './open.ts';
export type { Lease, LeaseStore } from './leases.ts';
export type { ServiceStore } from './service-store.ts';
export type { Seal, SealSource } from './seal.ts';
export { isSecretName, maskSecrets } from './secrets.ts';
