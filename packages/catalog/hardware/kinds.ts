/** What a PCI device is, by its class code and vendor (PCI code and ID assignment specification). */
export function kindOf(classCode: string, vendor: string): string {
  const code = classCode.replace(/^0x/i, '').toLowerCase();
  if (code.startsWith('03')) return managementVendors.has(vendor.toLowerCase()) ? 'management display' : 'gpu';
  return kinds.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'other';
}

/** ASPEED and Matrox: the screens of management controllers, which nobody means by a GPU. */
const managementVendors: ReadonlySet<string> = new Set(['0x1a03', '0x102b']);

/** The longest prefixes stand first. */
const kinds: readonly (readonly [string, string])[] = [
  ['0108', 'nvme'],
  ['0c03', 'usb controller'],
  ['0c06', 'infiniband'],
  ['0207', 'infiniband'],
  ['01', 'storage controller'],
  ['02', 'network'],
  ['04', 'audio'],
  ['05', 'memory'],
  ['06', 'bridge'],
  ['0b', 'processor'],
  ['0d', 'wireless'],
  ['10', 'encryption'],
  ['12', 'accelerator'],
];
