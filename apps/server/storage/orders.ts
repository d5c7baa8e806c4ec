import type { Command, CommandPart } from '@pxa/contract';
import { given } from '../changes/given.ts';
import { RETENTION_FIELDS, retentionInputs } from '../backups/retention.ts';
import type { ChangedStorage, Content, NewStorage } from './bodies.ts';

/** The inputs of a storage that the API calls by another name. */
export const FIELDS = { vgname: 'volume_group', thinpool: 'thin_pool', ...RETENTION_FIELDS } as const;

/** Each content type is an input of its own: what is named is what it may hold. */
const contentInputs = (content: readonly Content[] = []): Record<string, boolean> =>
  Object.fromEntries(content.map((each) => [each, true]));

/** Defines a storage. */
export function addition(body: NewStorage): Command {
  const { content, volume_group: vgname, thin_pool: thinpool, retention, connection: _, ...same } = body;
  const input = given({ ...same, vgname, thinpool, ...contentInputs(content), ...retentionInputs(retention) });
  return { action: 'storage.add', targets: [], input, says: `add ${body.type} storage ${body.name}` };
}

/** Changes what is named of a storage: it is switched on before, and off after everything else. */
export function changing(name: string, { content, nodes, enabled, retention }: ChangedStorage): Command {
  const of = (action: string, input: Record<string, unknown>, says: string): CommandPart => ({
    action,
    targets: action === 'storage.enable' ? [] : [`storage/${name}`],
    input,
    says,
  });
  const parts = [
    ...(enabled === true ? [of('storage.enable', { storage: name }, `enable storage ${name}`)] : []),
    ...(content === undefined ? [] : [of('storage.content', contentInputs(content), `set the content of ${name}`)]),
    ...(nodes === undefined
      ? []
      : [of('storage.nodes', nodes.length === 0 ? { everywhere: 'all' } : { nodes }, `set the nodes of ${name}`)]),
    ...(retention === undefined
      ? []
      : [of('storage.retention', retentionInputs(retention), `set the retention of ${name}`)]),
    ...(enabled === false ? [of('storage.disable', {}, `disable storage ${name}`)] : []),
  ];
  const [first, ...later] = parts;
  if (first === undefined) throw new Error('the body names something to change');
  return { ...first, ...(later.length === 0 ? {} : { later }) };
}
