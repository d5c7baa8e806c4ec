/** What must last: one schema, on SQLite beside the product or on PostgreSQL for several replicas. */
export * from './store.ts';
export { auditHash, auditRecords, type AuditVerdict, verifyAudit, verifyAuditLog } from './audit.ts';
export { openAll, openStore, type StoreDeps, type StorePlace } from './open.ts';
export type { Attempt, Delivery, DeliveryState, WebhookHold } from './deliveries.ts';
export type { DueDelivery, EventStore } from './event-store.ts';
export { DELIVERY_ENDS_MS, type NewEvent, type ServiceEvent } from './events.ts';
export type { Follower, FollowStep, SeenGuest } from './followers.ts';
export type { Webhook } from './webhooks.ts';
export { AttemptLost, type KeyedAttempt, underAttempt } from './attempts.ts';
export type { Begin, IdempotencyStore, Keyed } from './idempotency.ts';
export type { Lease, LeaseStore } from './leases.ts';
export type { ServiceStore } from './service-store.ts';
export type { Seal, SealSource } from './seal.ts';
export type { Counts } from './counts.ts';
export type { Maintenance } from './switches.ts';
export { isSecretName, maskSecrets } from './secrets.ts';
export { canonicalJson } from './canonical.ts';
