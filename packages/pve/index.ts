/**
 * The client of Proxmox VE's API, as everybody but `act` sees it: connect, and read. Writing is behind `@pxa/pve/writer`,
 * the permits that it needs behind `@pxa/pve/gate`.
 */
export { connect } from './cluster.ts';
export type { Cluster, ConnectOptions } from './cluster.ts';
export type { Credentials } from './auth.ts';
export type { Session, SessionOptions } from './session.ts';
export type { Problem, ProblemKind, Read, ReadOptions, Reader } from './reader.ts';
export { NotInFacts } from './request.ts';
export { SettingsError, parseUrl } from './transport/address.ts';
export { parseFingerprint } from './transport/trust.ts';
export { inspectCertificate } from './inspect-certificate.ts';
export type { PresentedCertificate } from './transport/connect.ts';
export * from './values.ts';
