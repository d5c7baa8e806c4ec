/** The kinds of volumes, in the order in which Proxmox makes those of a new guest. */
const KINDS = ['rootfs', 'mp', 'ide', 'scsi', 'virtio', 'sata', 'efidisk', 'tpmstate'];

/**
 * A new guest's options in the order in which their volumes are made and numbered, whatever order they were sent in:
 * valid_drive_names of PVE::QemuServer::Drive, valid_volume_keys of PVE::LXC::Config. All others come first.
 */
export function inVolumeOrder(sent: Readonly<Record<string, string>>): [key: string, value: string][] {
  return Object.entries(sent).sort(([a], [b]) => kindOf(a) - kindOf(b) || numberOf(a) - numberOf(b));
}

/** -1: no volume. */
function kindOf(key: string): number {
  return KINDS.indexOf(key.replace(/\d+$/, ''));
}

function numberOf(key: string): number {
  return kindOf(key) === -1 ? 0 : Number(/\d+$/.exec(key)?.[0] ?? 0);
}
