/** Which routes Proxmox VE's API has: what completion offers, and what a path that does not exist is told by. */
export { allRoutes, matchRoute } from '@pxa/pve/facts';
