import { type RouteId, validate } from '@pxa/pve/facts';
import type { Refusal } from './action.ts';

/** Whatever a text holds, it is shown on one line. */
const onOneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');

/** What Proxmox says of a value, without what it begins each such text with. */
const told = (error: string): string =>
  onOneLine(error)
    .replace(/^invalid format - /, '')
    .replace(/\.$/, '');

/**
 * What Proxmox would refuse of the values of a call, by the formats of its parameters: `inputs` are the parameters that
 * were said, and the input of the action that each of them is. Other parameters are left to the call itself.
 */
export function wrongValues(
  route: RouteId,
  params: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, string>>,
): Refusal[] {
  const errors = validate(route, params);
  return Object.entries(inputs).flatMap(([name, input]): Refusal[] => {
    const error = errors[name];
    if (error === undefined || params[name] === undefined) return [];
    const value = /password/.test(name) ? 'That' : `“${onOneLine(String(params[name]))}”`;
    const why = `${value} is no ${name} that Proxmox takes: ${told(error)}.`;
    return [{ why, next: 'Say it in another way.', input, reason: 'not_acceptable' }];
  });
}
