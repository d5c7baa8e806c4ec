import { parseHotplug as hotplugFeatures, parseStartupOrder } from '../facts/formats/guest.ts';
import { FormatError } from '../facts/formats/refuse.ts';
import { splitList } from '../facts/perl.ts';
import { parseProperties } from '../facts/formats/index.ts';
import { vmFormat } from './schema-of.ts';

/** In which order a guest starts, and how long is waited, in seconds. */
export interface Startup {
  order: number | null;
  upSeconds: number | null;
  downSeconds: number | null;
}

/** `startup` of a guest, or undefined where it cannot be read. */
export function parseStartup(value: string): Startup | undefined {
  const found = parseStartupOrder(value);
  if (!found) return undefined;
  const number = (text: string | undefined): number | null => (text === undefined ? null : Number(text));
  return { order: number(found.order), upSeconds: number(found.up), downSeconds: number(found.down) };
}

/** The kinds of devices that may be plugged in while a VM runs, or undefined where `hotplug` cannot be read. */
export function parseHotplug(value: string): string[] | undefined {
  return quietly(() => Object.keys(hotplugFeatures(value)));
}

/** Whether the guest agent is switched on in a VM's `agent`. */
export function agentEnabled(value: string | undefined): boolean {
  if (value === undefined) return false;
  return quietly(() => parseProperties(vmFormat('agent'), value))?.['enabled'] === 1;
}

/** The devices that a VM boots from, in their order; empty where `boot` names none. */
export function parseBootOrder(value: string | undefined): string[] {
  if (value === undefined) return [];
  const order = quietly(() => parseProperties(vmFormat('boot'), value))?.['order'];
  return order === undefined ? [] : splitList(String(order));
}

/** The memory of a VM in bytes (`memory` is in MiB, alone or as `current=`), or null where it cannot be read. */
export function memoryBytes(value: string): number | null {
  const current = quietly(() => parseProperties(vmFormat('memory'), value))?.['current'];
  return current === undefined ? null : Number(current) * 1024 * 1024;
}

function quietly<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
