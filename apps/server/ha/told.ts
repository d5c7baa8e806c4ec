import type { Row } from '@pxa/contract';
import { idOfType } from '../guests/ids.ts';
import { Cells } from '../http/cells.ts';
import type { Service } from '../service.ts';
import type { HaResource } from './schemas.ts';
import { HaStatus } from './schemas.ts';

const AFFINITIES = HaStatus.shape.rules.element.shape.affinity;

export const RESOURCE_COLUMNS =
  'sid guest vmid state crm_state request_state node group max_restart max_relocate failback comment'.split(' ');
export const MANAGER_COLUMNS = ['kind', 'node', 'report', 'seen', 'quorate'];
export const RULE_COLUMNS = ['name', 'kind', 'resources', 'nodes', 'affinity', 'strict', 'enabled', 'comment'];

/** A guest that HA looks after. */
export function resourceTold(service: Service, connection: string, row: Row): HaResource {
  const cells = new Cells(row);
  const [type = ''] = (cells.text('guest') ?? '').split('/');
  const group = cells.text('group');
  return {
    id: idOfType(service, connection, type, cells.number('vmid') ?? 0),
    sid: cells.text('sid') ?? '',
    state: cells.text('state'),
    requested_state: cells.text('request_state'),
    manager_state: cells.text('crm_state'),
    node: cells.text('node'),
    rules: group === null || group === 'none' ? [] : group.split(', '),
    max_restart: cells.whole('max_restart'),
    max_relocate: cells.whole('max_relocate'),
    failback: cells.flag('failback'),
    comment: cells.text('comment'),
  };
}

/** The HA manager's own parts, and its rules. */
export function managerTold(
  managers: readonly Row[],
  rules: readonly Row[],
): Pick<HaStatus, 'quorate' | 'master' | 'nodes' | 'rules'> {
  const parts = managers.map((row) => new Cells(row));
  const of = (kind: string): Cells[] => parts.filter((part) => part.text('kind') === kind);
  const [quorum] = of('quorum');
  return {
    quorate: quorum?.flag('quorate') ?? null,
    master: of('master')[0]?.text('node') ?? null,
    nodes: of('lrm').map((part) => ({
      node: part.text('node') ?? '',
      report: part.text('report'),
      last_seen: part.time('seen'),
    })),
    rules: rules.map((row) => ruleTold(new Cells(row))),
  };
}

function ruleTold(cells: Cells): HaStatus['rules'][number] {
  return {
    name: cells.text('name') ?? '',
    kind: cells.text('kind'),
    resources: cells.list('resources'),
    nodes: cells.list('nodes'),
    affinity: AFFINITIES.catch(null).parse(cells.text('affinity')),
    strict: cells.flag('strict'),
    enabled: cells.flag('enabled') ?? true,
    comment: cells.text('comment'),
  };
}
