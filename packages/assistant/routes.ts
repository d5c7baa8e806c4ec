/** Facts of Proxmox VE's API: its routes, for completion and for telling a path that does not exist; what a task's id says. */
export { allRoutes, matchRoute } from '@pxa/pve/facts';
export { parseUpid } from '@pxa/pve/upid';
