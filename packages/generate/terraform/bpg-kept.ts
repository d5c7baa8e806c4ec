/** Which of Proxmox's settings the provider has under which name. */
type Names = readonly (readonly [setting: RegExp, attribute: string])[];

export const VM_ATTRIBUTES: Names = [
  [/^(scsi|virtio|sata|ide)\d+$/, 'disk'],
  [/^net\d+$/, 'network_device'],
  [/^hostpci\d+$/, 'hostpci'],
  [/^usb\d+$/, 'usb'],
  [/^serial\d+$/, 'serial_device'],
  [/^numa\d+$/, 'numa'],
  [/^virtiofs\d+$/, 'virtiofs'],
  [/^audio0$/, 'audio_device'],
  [/^rng0$/, 'rng'],
  [/^efidisk0$/, 'efi_disk'],
  [/^tpmstate0$/, 'tpm_state'],
  [/^(cpu|cpuunits|cpulimit|affinity|vcpus)$/, 'cpu'],
  [/^(memory|balloon|shares|hugepages|keephugepages)$/, 'memory'],
  [/^agent$/, 'agent'],
  [/^vga$/, 'vga'],
  [/^startup$/, 'startup'],
  [/^watchdog$/, 'watchdog'],
  [/^acpi$/, 'acpi'],
  [/^args$/, 'kvm_arguments'],
  [/^hookscript$/, 'hook_script_file_id'],
  [/^boot$/, 'boot_order'],
  [/^(cipassword|cicustom|citype|ciupgrade|sshkeys|users|dns|ipconfig\d+)$/, 'initialization'],
];

export const CONTAINER_ATTRIBUTES: Names = [
  [/^net\d+$/, 'network_interface'],
  [/^mp\d+$/, 'mount_point'],
  [/^rootfs$/, 'disk'],
  [/^dev\d+$/, 'device_passthrough'],
  [/^(cores|cpuunits|cpulimit)$/, 'cpu'],
  [/^features$/, 'features'],
  [/^hookscript$/, 'hook_script_file_id'],
];

/** The attributes that settings stand behind, each once. */
export function keptAttributes(settings: readonly string[], names: Names): string[] {
  const found = settings.flatMap((key) =>
    names.filter(([setting]) => setting.test(key)).map(([, attribute]) => attribute),
  );
  return [...new Set(found)].toSorted();
}
