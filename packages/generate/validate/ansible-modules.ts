const words = (text: string): readonly string[] => text.split(' ');

/**
 * The modules that playbooks call and what they take, `!` where it has to be there: of community.proxmox 1.4 and
 * ansible.builtin of ansible-core 2.19, from their documentation.
 */
export const MODULES: Readonly<Record<string, readonly string[]>> = {
  'community.proxmox.proxmox_kvm': words(
    'node vmid name clone newid full storage timeout state update description cores sockets cpu memory balloon agent onboot protection tags bios machine scsihw ostype ciuser sshkeys ipconfig nameservers searchdomains',
  ),
  'community.proxmox.proxmox': words(
    'node vmid hostname ostemplate clone clone_type disk_volume mount_volumes cores memory swap netif nameserver searchdomain pubkey unprivileged features onboot description tags ostype update state',
  ),
  'community.proxmox.proxmox_nic': words('vmid interface! bridge model mac tag firewall mtu rate state'),
  'community.proxmox.proxmox_disk': words('vmid disk! size state storage discard iothread ssd backup'),
  'community.proxmox.proxmox_firewall': words('level vmid rules state'),
  'community.proxmox.proxmox_backup_schedule': words('vm_id backup_id state!'),
  'community.proxmox.proxmox_cluster_ha_resources': words('name! hastate max_restart max_relocate state!'),
  'ansible.builtin.uri': words('url! method headers body_format body'),
  'ansible.builtin.assert': words('that! fail_msg'),
  'ansible.builtin.add_host': words('name!'),
  'ansible.builtin.wait_for_connection': words('timeout'),
  'ansible.builtin.apt': words('update_cache cache_valid_time'),
  'ansible.builtin.package': words('name! state!'),
  'ansible.builtin.user': words('name! shell groups append'),
  'ansible.builtin.copy': words('dest! content owner group mode'),
  'ansible.builtin.command': words('argv'),
  'ansible.builtin.service': words('name! enabled state'),
};
