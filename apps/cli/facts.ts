/** The routes of Proxmox's API, loaded when a command looks at them. */
export async function apiFacts(): Promise<typeof import('@pxa/pve/facts')> {
  return import('@pxa/pve/facts');
}
