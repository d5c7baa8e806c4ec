import { routeFacts } from '@pxa/pve/facts';
import { asFlag, asList } from '../access-change.ts';
import type { Behaviours } from '../behaviour.ts';
import { properties } from '../state/guest-size.ts';
import type { Row } from '../state/model.ts';
import { textParam } from './common.ts';

/** What of datacenter.cfg is answered as it was written, though it has parts. */
const PLAIN = new Set(['bwlimit']);

/** The datacenter's options: PVE::API2::Cluster, set_options. */
export const optionWrites: Behaviours = {
  'PUT /cluster/options': (call) => {
    const options = { ...call.state.options };
    for (const key of asList(call.params['delete'])) delete options[key];
    for (const [key, facts] of Object.entries(routeFacts('PUT /cluster/options').parameters?.properties ?? {})) {
      const value = textParam(call, key);
      if (value === undefined || key === 'delete') continue;
      options[key] = kept(key, value, facts);
    }
    call.state.options = options;
    return null;
  },
};

interface Facts {
  type?: string;
  format?: unknown;
}

/** PVE::DataCenterConfig: property strings are taken apart, lists of tags become lists. */
function kept(key: string, value: string, { type, format }: Facts): unknown {
  if (type === 'boolean') return asFlag(value);
  if (type === 'integer') return Number(value);
  if (key === 'registered-tags') return asList(value);
  const parts = partsOf(format);
  if (!parts || PLAIN.has(key)) return value;
  const main = Object.entries(parts).find(([, part]) => part['default_key'])?.[0];
  const row: Row = {};
  for (const [name, text] of Object.entries(properties(value))) {
    const part = name === '' ? main : name;
    if (part !== undefined) row[part] = typed(text, parts[part]);
  }
  return row;
}

function partsOf(format: unknown): Record<string, Row> | undefined {
  if (typeof format !== 'object' || format === null || !('properties' in format)) return undefined;
  return format.properties as Record<string, Row>; // the facts' own form of a property string
}

function typed(text: string, part: Row | undefined): string | number | undefined {
  if (part?.['type'] === 'boolean') return asFlag(text);
  return part?.['type'] === 'integer' || part?.['type'] === 'number' ? Number(text) : text;
}
