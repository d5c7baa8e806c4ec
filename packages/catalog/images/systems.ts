/** Systems that images are of: how their names tell, and the words for them. The first that fits counts. */
const systems: readonly { readonly id: string; readonly name: RegExp; readonly words: string }[] = [
  { id: 'virtio', name: /virtio/, words: 'virtio|virtio driver|virtio win|windows driver' },
  { id: 'proxmox', name: /proxmox|\bpve\b|\bpbs\b/, words: 'proxmox' },
  { id: 'turnkey', name: /turnkey/, words: 'turnkey|turnkey linux' },
  { id: 'windows', name: /windows|\bwin(7|8|10|11|2k|20)|server_?20\d\d/, words: 'windows|windows server|microsoft' },
  { id: 'ubuntu', name: /ubuntu/, words: 'ubuntu' },
  { id: 'debian', name: /debian/, words: 'debian' },
  { id: 'devuan', name: /devuan/, words: 'devuan' },
  { id: 'alpine', name: /alpine/, words: 'alpine|alpine linux' },
  { id: 'rocky', name: /rocky/, words: 'rocky|rocky linux|rockylinux' },
  { id: 'almalinux', name: /alma/, words: 'alma|almalinux|alma linux' },
  { id: 'centos', name: /centos/, words: 'centos' },
  { id: 'rhel', name: /rhel|red.?hat/, words: 'rhel|red hat|redhat' },
  { id: 'oracle', name: /oraclelinux|\bol\d/, words: 'oracle linux' },
  { id: 'fedora', name: /fedora/, words: 'fedora' },
  { id: 'opensuse', name: /suse|sles/, words: 'opensuse|suse|sles' },
  { id: 'arch', name: /arch(linux)?-/, words: 'arch|arch linux|archlinux' },
  { id: 'gentoo', name: /gentoo/, words: 'gentoo' },
  { id: 'nixos', name: /nixos/, words: 'nixos|nix' },
  { id: 'freebsd', name: /freebsd/, words: 'freebsd' },
  { id: 'opnsense', name: /opnsense/, words: 'opnsense' },
  { id: 'pfsense', name: /pfsense/, words: 'pfsense' },
  { id: 'talos', name: /talos/, words: 'talos' },
];

/** The words for each system, for the language. */
export const systemWords: Record<string, string> = Object.fromEntries(systems.map(({ id, words }) => [id, words]));

/** The system that an image's file name tells of, if any. */
export function systemOf(name: string): string | undefined {
  const lower = name.toLowerCase();
  return systems.find((system) => system.name.test(lower))?.id;
}
