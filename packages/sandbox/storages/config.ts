import { storageTypes } from '@pxa/pve/facts';
import type { Call } from '../behaviour.ts';
import { died } from '../guests/work.ts';
import type { Row } from '../state/model.ts';

/** Parameters of the calls that are no options of a storage. */
const CONTROL = new Set(['storage', 'type', 'digest', 'delete']);
/** Kept apart from storage.cfg, readable by root alone. */
const SECRET = new Set(['password', 'keyring', 'master-pubkey']);
const BOOLEANS =
  /^(?:disable|shared|sparse|mkdir|create-base-path|create-subdirs|krbd|fuse|nocow|nowritecache|saferemove|skip-cert-verification|snapshot-as-volume-chain|tagged_only)$/;
const SHARED = new Set(['nfs', 'cifs', 'cephfs', 'pbs', 'rbd', 'iscsi', 'iscsidirect', 'zfs', 'esxi', 'glusterfs']);
const MOUNTED = new Set(['nfs', 'cifs', 'cephfs']);

function optionsOf(type: string): Record<string, ('fixed' | 'optional')[]> {
  const types = storageTypes();
  return Object.hasOwn(types, type) ? (types[type]?.options ?? {}) : {};
}

/** PVE::SectionConfig::check_config for a new storage: what its type knows, and all that it needs. */
export function newDefinition(call: Call, id: string, type: string): Row {
  const sent = sentDefinition(call, type);
  if (MOUNTED.has(type)) sent['path'] ??= `/mnt/pve/${id}`;
  const missing = Object.entries(optionsOf(type)).find(
    ([key, marks]) => !marks.includes('optional') && sent[key] === undefined,
  );
  if (missing) throw died(`missing value for required option '${missing[0]}'`);
  const content = sent['content'] ?? (storageTypes()[type]?.defaultContent ?? []).join(',');
  return { storage: id, type, ...sent, content, ...(SHARED.has(type) ? { shared: 1 } : {}) };
}

/** The same for what changes of one that is there. */
export function sentDefinition(call: Call, type: string, existing?: Row): Row {
  const options = optionsOf(type);
  const sent: Row = {};
  for (const [key, value] of Object.entries(call.params)) {
    if (CONTROL.has(key) || value === undefined || value === null || (key === 'nodes' && value === '')) continue;
    if (options[key] === undefined) throw died(`unexpected property '${key}'`);
    if (existing && options[key].includes('fixed')) throw died(`can't change value of fixed parameter '${key}'`);
    if (SECRET.has(key)) continue;
    sent[key] = kept(key, value);
  }
  checkContent(type, sent['content']);
  return sent;
}

function kept(key: string, value: unknown): unknown {
  if (BOOLEANS.test(key)) return value === true || /^(?:1|on|yes|true)$/i.test(String(value)) ? 1 : 0;
  if (key === 'content' || key === 'nodes')
    return String(value)
      .split(/[\s,;\0]+/)
      .filter(Boolean)
      .join(',');
  if (key === 'encryption-key') return '1';
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : String(value);
}

function checkContent(type: string, content: unknown): void {
  if (content === undefined) return;
  const offered = storageTypes()[type]?.content ?? [];
  const wrong = String(content)
    .split(',')
    .find((one) => !offered.includes(one) && one !== 'none');
  if (wrong !== undefined) throw died(`storage does not support content type '${wrong}'`);
}

/** Options that are taken out; those that a storage cannot be without stay. */
export function removedOptions(call: Call, type: string, sent: Row): string[] {
  const options = optionsOf(type);
  const keys = String(call.params['delete'] ?? '')
    .split(/[\s,;\0]+/)
    .filter(Boolean);
  for (const key of keys) {
    const marks = options[key];
    if (!marks) throw died(`no such option '${key}'`);
    if (!marks.includes('optional')) throw died(`unable to delete required option '${key}'`);
    if (marks.includes('fixed')) throw died(`unable to delete fixed option '${key}'`);
    if (sent[key] !== undefined) throw died(`cannot set and delete property '${key}' at the same time!`);
  }
  return keys;
}
