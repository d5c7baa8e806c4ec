import { type ColumnDef, type ColumnWords, extracted } from '../kit/index.ts';

type Config = Readonly<Record<string, unknown>>;

/** Whether a switch in a property string is on; Proxmox writes 1, and takes the other spellings. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && ['1', 'on', 'yes', 'true'].includes(value);
}

/** Whether a configuration is a container's: every container has a root disk of that name, no VM has. */
export function isContainer(config: Config): boolean {
  return 'rootfs' in config;
}

/** A text column of VMs' configurations alone: empty for containers, so that no default of VMs is said of them. */
export function vmText(
  label: string,
  give: (config: Config) => string,
  keys: readonly string[],
  words: ColumnWords,
): ColumnDef {
  const extract = (config: Config): { value: string; keys: readonly string[] } => ({
    value: isContainer(config) ? '' : give(config),
    keys,
  });
  return extracted(label, 'text', 'text', 'config', extract, words);
}

/**
 * A property string as a record of its keys (`virtio=BC:…,bridge=vmbr0` → `{virtio, bridge}`); a first part without a
 * key goes under `defaultKey`. For reading what Proxmox itself wrote; `pve`'s parser checks what people write.
 */
export function options(value: unknown, defaultKey = ''): Record<string, string> {
  const found: Record<string, string> = {};
  if (typeof value === 'number' || typeof value === 'boolean')
    return defaultKey ? { [defaultKey]: String(Number(value)) } : {};
  if (typeof value !== 'string') return found;
  for (const part of value.split(',')) {
    const at = part.indexOf('=');
    if (at > 0) found[part.slice(0, at)] = part.slice(at + 1);
    else if (defaultKey && part) found[defaultKey] = part;
  }
  return found;
}

/** The numbered keys of a configuration (`net0`, `net1` …) with their texts, in the order of their numbers. */
export function numbered(config: Config, prefix: string): { key: string; index: number; value: string }[] {
  const found: { key: string; index: number; value: string }[] = [];
  for (const [key, value] of Object.entries(config)) {
    if (!key.startsWith(prefix)) continue;
    const index = key.slice(prefix.length);
    if (/^\d+$/.test(index)) found.push({ key, index: Number(index), value: String(value) });
  }
  return found.sort((a, b) => a.index - b.index);
}
