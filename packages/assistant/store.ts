/** The door to what must last: plans, approvals, jobs and the audit log. Loaded by itself, with the first of them. */
export { DELIVERY_ENDS_MS, openAll, openStore, StoreFailed, verifyAuditLog } from '@pxa/store';
export type {
  Attempt,
  AuditVerdict,
  Delivery,
  DeliveryState,
  DueDelivery,
  EventStore,
  Follower,
  FollowStep,
  Lease,
  LeaseStore,
  NewEvent,
  Seal,
  SealSource,
  SeenGuest,
  ServiceEvent,
  ServiceStore,
  Store,
  StorePlace,
  Webhook,
  WebhookHold,
} from '@pxa/store';
