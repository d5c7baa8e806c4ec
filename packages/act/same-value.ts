import { asFlag, asList, asNumber, asText } from '@pxa/pve/values';
import type { Fact } from '@pxa/contract';

/** Lists whose order means nothing. The order of `boot` and `nameserver` does, so they are not among them. */
const UNORDERED = /^(?:tags|content|nodes|privs|groups|features)$/;

/** Keys whose value is a property string: drives, interfaces, and the like (qemu-server and pve-container schemas). */
const PROPERTIES =
  /^(?:(?:net|scsi|sata|ide|virtio|mp|unused|ipconfig|efidisk|tpmstate|hostpci|usb|numa|audio|dev)\d+|rootfs|agent|cpu|vga|startup|rng0|smbios1|spice_enhancements|watchdog|amd-sev)$/;

/**
 * Whether a value that Proxmox sent is what a fact says, as leniently as Proxmox writes: numbers as texts, flags as 0, 1
 * or not at all, the parts of property strings and of lists in any order.
 */
export function fits(value: unknown, { at, is, how }: Pick<Fact, 'at' | 'is' | 'how'>): boolean {
  const key = at.at(-1) ?? '';
  switch (how) {
    case undefined:
      return isSame(value, is, key);
    case 'not':
      return !isSame(value, is, key);
    case 'known':
      return !isAbsent(value);
    case 'parts':
      return holdsParts(partsOf(asText(value) ?? ''), partsOf(asText(is) ?? ''));
    case 'less':
      return isBelow(asNumber(value), asNumber(is));
    case 'more':
      return isBelow(asNumber(is), asNumber(value));
  }
}

/** What is no number is neither less nor more than any. */
function isBelow(a: number | null, b: number | null): boolean {
  return a !== null && b !== null && a < b;
}

function isSame(value: unknown, is: Fact['is'], key: string): boolean {
  if (is === null) return isAbsent(value);
  if (typeof is === 'boolean') return (asFlag(value) ?? false) === is;
  if (typeof is === 'number') return asNumber(value) === is;
  return isSameText(value, is, key);
}

/** Proxmox leaves out what is not set, or sends it empty. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isSameText(value: unknown, is: string, key: string): boolean {
  if (UNORDERED.test(key)) return isSameSet(asList(value), asList(is));
  const text = asText(value);
  if (text === null) return is === '';
  // Proxmox ends every line of a description (PVE::AbstractConfig keeps it as comment lines).
  if (text.trimEnd() === is.trimEnd()) return true;
  if (PROPERTIES.test(key)) return isSameSet(partsOf(text), partsOf(is));
  const [a, b] = [asNumber(text), asNumber(is)];
  return a !== null && a === b;
}

/** `bridge=vmbr0,firewall=1` by its parts; MAC addresses and the words of flags as Proxmox stores them. */
function partsOf(text: string): string[] {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => part.replace(/[0-9a-f]{2}(?::[0-9a-f]{2}){5}/i, (mac) => mac.toUpperCase()))
    .map((part) => part.replace(/=(?:on|yes|true)$/i, '=1').replace(/=(?:off|no|false)$/i, '=0'))
    .map((part) => part.replace(/^(?:file|volume)=/, ''));
}

/** Whether each wanted part is there; a model without its MAC address (`virtio`) is there with the one that Proxmox gave. */
function holdsParts(found: readonly string[], wanted: readonly string[]): boolean {
  const have = new Set(found.flatMap((part) => [part, part.replace(/=.*$/s, '')]));
  return wanted.every((part) => have.has(part));
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  const [a, b] = [new Set(left), new Set(right)];
  return a.size === b.size && a.isSubsetOf(b);
}

/** A value in words, for saying what was found. */
export function valueInWords(value: unknown): string {
  if (isAbsent(value)) return 'nothing';
  return asText(value) ?? (Array.isArray(value) ? asList(value).join(', ') || 'a list' : 'something else');
}

/** What a fact says should be, in words. */
export function wantedInWords({ is, how }: Pick<Fact, 'is' | 'how'>): string {
  switch (how) {
    case undefined:
      return valueInWords(is);
    case 'not':
      return `something else than ${valueInWords(is)}`;
    case 'known':
      return 'there';
    case 'parts':
      return `with ${valueInWords(is)}`;
    case 'less':
    case 'more':
      return `${how} than ${valueInWords(is)}`;
  }
}
