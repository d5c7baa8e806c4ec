import type { Firewall, Row } from '../state/model.ts';
import { InvalidWorld, type Part } from './check.ts';

export function hasFirewall(part: Part): boolean {
  return !part.absent;
}

/** A firewall configuration: `options`, `rules`, `aliases`, `ipset`; empty where it was not read. */
export function loadFirewall(part: Part): Firewall {
  return {
    options: part.at('options').row(),
    rules: part.at('rules').rows().map(withoutPlace),
    aliases: part.at('aliases').rows(),
    ipsets: part
      .at('ipset')
      .list()
      .map((set) => ({
        name: named(set, 'name'),
        comment: set.at('comment').text(),
        entries: set.at('entries').rows(),
      })),
  };
}

/** The cluster's security groups with their rules. */
export function loadGroups(part: Part): { group: string; comment?: string | undefined; rules: Row[] }[] {
  return part
    .at('groups')
    .list()
    .map((group) => ({
      group: named(group, 'group'),
      comment: group.at('comment').text(),
      rules: group.at('rules').rows().map(withoutPlace),
    }));
}

/** Places and digests follow from the list itself. */
function withoutPlace(rule: Row): Row {
  const { pos: _pos, digest: _digest, ...rest } = rule;
  return rest;
}

function named(part: Part, key: string): string {
  const name = part.at(key).text();
  if (name === undefined) throw new InvalidWorld(`${part.path}.${key}`, 'a name');
  return name;
}
