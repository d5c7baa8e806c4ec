/** The door to a cluster: a client of Proxmox VE's API that reads. Loaded by itself, since a door needs it first. */
export { connect } from '@pxa/pve';
export type { Cluster, Problem, Read, Reader } from '@pxa/pve';
