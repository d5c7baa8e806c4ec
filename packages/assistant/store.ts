/** The door to what must last: plans, approvals, jobs and the audit log. Loaded by itself, with the first of them. */
export {
  AttemptLost,
  canonicalJson,
  DELIVERY_ENDS_MS,
  exportStore,
  importStore,
  isSecretName,
  maskSecrets,
  openAll,
  openStore,
  StoreFailed,
  underAttempt,
  verifyAuditLog,
} from '@pxa/store';
export type {
  Attempt,
  AuditVerdict,
  Delivery,
  DeliveryState,
  DueDelivery,
  EventStore,
  Follower,
  FollowStep,
  KeyedAttempt,
  JobQueue,
  Lease,
  LeaseStore,
  NewEvent,
  RateCounter,
  Seal,
  SealSource,
  SeenGuest,
  ServiceEvent,
  ServiceStore,
  Store,
  StorePlace,
  Taken,
  Webhook,
  WebhookHold,
} from '@pxa/store';
export type { ApprovalsWanted, AuditWanted, ConversationKept, JobsWanted, ListedApproval, ListedJob } from '@pxa/store';
export type { Page, PageOf, Turn } from '@pxa/store';
export type { FindingsWanted, LastScore, ScanEnd, ScanStore } from '@pxa/store';
