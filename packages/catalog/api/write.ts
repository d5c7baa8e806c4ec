import type { Step } from '@pxa/contract';
import { matchRoute, normalizeParams, routeFacts, validate } from '@pxa/pve/facts';
import { action, piece, type Planned, refused, type Refusal } from '../kit/index.ts';

const METHODS = ['POST', 'PUT', 'DELETE'];

/**
 * Any write that Proxmox VE has, as it is written: `pxa pve METHOD PATH key=value…`. It is checked against the facts and
 * shown like every other plan; what it means, and whether it was done, only Proxmox can say.
 */
export const write = action({
  id: 'api.write',
  verb: 'call the Proxmox API',
  risk: 'disruptive',
  say: [],
  input: { method: { kind: 'word', say: [] }, path: { kind: 'text', say: [] }, params: { kind: 'text', say: [] } },
  async plan(planning, { input }): Promise<Planned> {
    const method = (input.method ?? '').toUpperCase();
    const path = `/${(input.path ?? '').replace(/^\/+/, '').replace(/^api2\/json\//, '')}`;
    const params = JSON.parse(input.params ?? '{}') as Record<string, unknown>; // Written by the door that took the words apart.
    const wrong = refusalsOf(method, path, params);
    if (wrong.length > 0) return refused(...wrong);
    const node =
      /^\/nodes\/([^/]+)/.exec(path)?.[1] ?? (await planning.nodes()).find(({ online }) => online)?.node ?? '';
    const says = `${method} ${path}`;
    return piece({
      says,
      risk: method === 'DELETE' ? 'destructive' : 'disruptive',
      steps: [{ method: method as Step['method'], path, params, says, node }],
      warnings: ['pxa does not know what this call means: it is sent as it stands, and not checked afterwards.'],
      ...(method === 'DELETE'
        ? { loses: [`what ${path} stands for`], confirm: path.slice(path.lastIndexOf('/') + 1) }
        : {}),
    });
  },
  examples: [],
});

function refusalsOf(method: string, path: string, params: Readonly<Record<string, unknown>>): Refusal[] {
  if (!METHODS.includes(method)) {
    return [
      { why: `${method || 'That'} is no method that writes.`, next: 'Use POST, PUT or DELETE; pxa get PATH reads.' },
    ];
  }
  const match = matchRoute(method, path);
  if (match === undefined)
    return [
      {
        why: `Proxmox VE has no ${method} ${path}.`,
        next: 'Look the path up: pxa get / lists what there is, step by step.',
      },
    ];
  const facts = routeFacts(match.id);
  const all = normalizeParams(facts.id, { ...params, ...match.pathParams });
  const errors = validate(facts.id, all);
  return Object.entries(errors).map(([name, text]) => ({
    why: `${name}: ${text.trim()}`,
    next: `See what ${method} ${facts.path} takes.`,
  }));
}
