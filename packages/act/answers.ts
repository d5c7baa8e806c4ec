/** What Proxmox's refusals prove. It answers nearly everything with 500, so that only the words tell. */

/**
 * Refused for a lock that another operation holds, which is looked at before anything is done: of a guest's
 * configuration (AbstractConfig.pm, check_lock), of its file (Tools.pm, lock_file), of the cluster's (Cluster.pm, cfs_lock).
 */
const LOCKED = /\b(?:VM|CT)(?: \d+)? is locked(?: \(\w+\))?|can't lock file '|got lock request timeout/;

/** The same as the end of a task. Whole, since a task that met a lock halfway through says what it was doing before it. */
const TASK_LOCKED =
  /^(?:(?:VM|CT)(?: \d+)? is locked \(\w+\)|can't lock file '(?:\/var\/lock\/qemu-server\/lock-\d+\.conf|\/run\/lock\/lxc\/pve-config-\d+\.lock)' - got timeout)$/;

/** The configuration is not the one whose digest came with the call (Qemu.pm, update_vm_api; Tools.pm, assert_if_modified). */
const CHANGED =
  /checksum mismatch \(file change by other user|detected modified configuration - file changed by other user/;

export const isLocked = (text: string): boolean => LOCKED.test(text);
export const isTaskLocked = (text: string): boolean => TASK_LOCKED.test(text.trim());
export const isChangedConfig = (text: string): boolean => CHANGED.test(text);
