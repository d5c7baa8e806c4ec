import type { Call } from '../behaviour.ts';

/** The options of a configuration among a call's parameters: all that `control` does not name. */
export function sentOptions(call: Call, control: RegExp): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [key, value] of Object.entries(call.params)) {
    if (control.test(key) || value === undefined || value === null) continue;
    sent[key === 'cdrom' ? 'ide2' : key] = value === true ? '1' : value === false ? '0' : String(value);
  }
  return sent;
}
