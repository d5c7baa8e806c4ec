import { asFlag, asList } from '../access-change.ts';
import { routeFacts } from '@pxa/pve/facts';
import type { Call, Handler } from '../behaviour.ts';
import { textParam } from '../behaviours/common.ts';
import { assertDigest } from '../behaviours/config-change.ts';
import { refused } from '../guests/work.ts';
import type { Row } from '../state/model.ts';
import type { Level } from './levels.ts';

const CONTROL = new Set(['node', 'vmid', 'delete', 'digest']);

/** What may be set at a level is what the route's parameters are. */
export function optionRoutes(path: string, level: Level): Record<string, Handler> {
  return {
    [`PUT ${path}`]: (call) => {
      const known = optionsOf(call);
      const before = level.read(call);
      assertDigest(call, before);
      const options = { ...before.options };
      for (const key of asList(call.params['delete'])) {
        if (!(key in known)) throw refused({ delete: `no such option '${key}'` });
        delete options[key];
      }
      for (const [key, type] of Object.entries(known)) {
        const value = textParam(call, key);
        if (value !== undefined) options[key] = kept(call, key, type);
      }
      level.write(call, { options });
      return null;
    },
  };
}

function optionsOf(call: Call): Record<string, string> {
  const parameters = routeFacts(call.route).parameters?.properties ?? {};
  const options = Object.entries(parameters).filter(([key]) => !CONTROL.has(key));
  return Object.fromEntries(options.map(([key, { type }]) => [key, String(type)]));
}

/** The cluster's `enable` keeps the time of a switch that was made with a larger number than 1. */
function kept(call: Call, key: string, type: string): Row[string] {
  const value = textParam(call, key) ?? '';
  if (type === 'boolean') return asFlag(call.params[key]);
  if (type !== 'integer') return value;
  return key === 'enable' && Number(value) > 1 ? Math.floor(call.clock.now() / 1000) : Number(value);
}
