import type { HaState, Row } from '../state/model.ts';
import { keepDigest } from '../state/config-hash.ts';
import type { Part } from './check.ts';

const DERIVED_OF_SERVICE = new Set(['id', 'type']);

/** The HA stack from its configuration and from status/current. */
export function loadHa(cluster: Part, start: number): HaState {
  const status = cluster.at('ha_status').list();
  const of = (type: string): Part[] => status.filter((row) => row.at('type').text() === type);
  const masters = of('master').map((row) => sign(row, start));
  return {
    resources: listed(cluster.at('ha_resources')),
    groups: cluster.at('ha_groups').absent ? null : listed(cluster.at('ha_groups')),
    rules: cluster.at('ha_rules').absent ? null : listed(cluster.at('ha_rules')),
    services: of('service').map((part) => service(part.row())),
    master: masters[0],
    lrm: of('lrm').map((row) => sign(row, start)),
    others: status
      .filter((row) => !['quorum', 'master', 'lrm', 'service'].includes(row.at('type').text() ?? ''))
      .map((part) => part.row()),
  };
}

/** A manager's last sign of life: the text is `NODE (WORD, DATE)`. */
function sign(part: Part, start: number): HaState['lrm'][number] {
  const text = part.at('status').text() ?? '';
  const word = /\((.+), [^,]+\)$/.exec(text)?.[1] ?? /\((.+)\)$/.exec(text)?.[1] ?? 'active';
  const at = part.at('timestamp').number();
  const node = part.at('node').text() ?? '';
  if (at === undefined) return { node, word };
  return start - at <= 30 ? { node, word, age: Math.max(0, start - at) } : { node, word, at };
}

function service(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !DERIVED_OF_SERVICE.has(key)));
}

/** A list that one file holds, so that all its rows carry one digest. */
function listed(part: Part): Row[] {
  const digest = part
    .list()
    .map((row) => row.at('digest').text())
    .find((text) => text !== undefined);
  return keepDigest(part.rows().map(withoutDigest), digest);
}

function withoutDigest(row: Row): Row {
  const { digest: _digest, ...rest } = row;
  return rest;
}
