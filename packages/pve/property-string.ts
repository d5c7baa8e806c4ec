/**
 * Property strings (`virtio=BC:24:11:00:00:01,bridge=vmbr0`) both ways: by any schema of the facts, and as what they
 * mean: drives, volumes, network interfaces, startup order, …
 */
export { namedFormat, parseBoolean } from './facts/properties.ts';
export { parseProperties } from './facts/formats/index.ts';
export type { Properties, PropertyFormat } from './facts/properties.ts';
export { FormatError } from './facts/formats/refuse.ts';
export { ctFormat, formatOf, vmFormat } from './property-strings/schema-of.ts';
export { printProperties } from './property-strings/print.ts';
export { isDriveKey, parseDisk, printDrive, readDrive } from './property-strings/drive.ts';
export type { Disk, Drive, Parsed } from './property-strings/drive.ts';
export { parseMountPoint, printCtVolume, readCtVolume } from './property-strings/ct-volume.ts';
export type { CtVolume, IdMap, MountPoint } from './property-strings/ct-volume.ts';
export { parseContainerNet, parseIpConfig, parseNet } from './property-strings/network.ts';
export type { IpConfig, Nic } from './property-strings/network.ts';
export { agentEnabled, memoryBytes, parseBootOrder, parseHotplug, parseStartup } from './property-strings/options.ts';
export type { Startup } from './property-strings/options.ts';
