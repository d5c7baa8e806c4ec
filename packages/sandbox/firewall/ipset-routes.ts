import { asFlag } from '../access-change.ts';
import type { Call, Handler } from '../behaviour.ts';
import { textParam } from '../behaviours/common.ts';
import { assertDigest } from '../behaviours/config-change.ts';
import { died, refused } from '../guests/work.ts';
import type { Firewall, Row } from '../state/model.ts';
import type { Level } from './levels.ts';
import { findAlias } from './verify-rule.ts';

type IpSet = Firewall['ipsets'][number];

/** PVE::API2::Firewall::IPSet: sets of addresses, and their entries. */
export function ipsetRoutes(path: string, level: Level): Record<string, Handler> {
  const save = (call: Call, ipsets: IpSet[]): null => {
    level.write(call, { ipsets });
    return null;
  };
  const change = (call: Call, before: IpSet, entries: Row[]): null =>
    save(
      call,
      level.read(call).ipsets.map((set) => (set === before ? { ...set, entries } : set)),
    );
  return {
    [`POST ${path}`]: (call) => save(call, withSet(call, level.read(call).ipsets)),

    [`DELETE ${path}/{name}`]: (call) => {
      const set = known(call, level);
      if (set.entries.length > 0 && asFlag(call.params['force']) !== 1) throw died(`IPSet '${set.name}' is not empty`);
      return save(
        call,
        level.read(call).ipsets.filter((one) => one !== set),
      );
    },

    [`POST ${path}/{name}`]: (call) => {
      const set = known(call, level);
      const cidr = textParam(call, 'cidr') ?? '';
      if (set.entries.some((row) => row['cidr'] === cidr)) {
        throw refused({ cidr: `address '${cidr}' already exists` });
      }
      checkAlias(cidr, [call.state.firewall, level.read(call)]);
      return change(call, set, [entry(call, cidr), ...set.entries]);
    },

    [`PUT ${path}/{name}/{cidr}`]: (call) => {
      const set = known(call, level);
      assertDigest(call, set.entries);
      const cidr = textParam(call, 'cidr') ?? '';
      const before = set.entries.find((row) => row['cidr'] === cidr);
      if (!before) throw refused({ cidr: 'no such IPSet entry' });
      const after = entry(call, cidr);
      return change(
        call,
        set,
        set.entries.map((row) => (row === before ? after : row)),
      );
    },

    [`DELETE ${path}/{name}/{cidr}`]: (call) => {
      const set = known(call, level);
      assertDigest(call, set.entries);
      const cidr = textParam(call, 'cidr');
      return change(
        call,
        set,
        set.entries.filter((row) => row['cidr'] !== cidr),
      );
    },
  };
}

function known(call: Call, level: Level): IpSet {
  const name = textParam(call, 'name') ?? '';
  const set = level.read(call).ipsets.find((one) => one.name === name);
  if (!set) throw died(`no such IPSet '${name}'`);
  return set;
}

/** A new set; with `rename` an old one under another name, or with another comment. */
function withSet(call: Call, ipsets: readonly IpSet[]): IpSet[] {
  const [name, rename] = [textParam(call, 'name') ?? '', textParam(call, 'rename')];
  const comment = textParam(call, 'comment');
  const commented = comment === undefined ? {} : { comment };
  if (rename === undefined) {
    if (ipsets.some((set) => set.name === name)) throw refused({ name: `IPSet '${name}' already exists` });
    return [...ipsets, { name, ...commented, entries: [] }];
  }
  assertDigest(call, ipsets);
  const before = ipsets.find((set) => set.name === rename);
  if (!before) throw refused({ name: `IPSet '${rename}' does not exist` });
  if (name !== rename && ipsets.some((set) => set.name === name)) {
    throw refused({ name: `IPSet '${name}' does already exist` });
  }
  return ipsets.map((set) => (set === before ? { ...set, ...commented, name } : set));
}

function checkAlias(cidr: string, scope: readonly Firewall[]): void {
  const name = /^(?:(?:guest|dc)\/)?([A-Za-z][A-Za-z0-9\-_]+)$/.exec(cidr)?.[1];
  if (name !== undefined && !findAlias(scope, name)) throw died(`no such alias '${cidr}'`);
}

function entry(call: Call, cidr: string): Row {
  const comment = textParam(call, 'comment');
  return {
    cidr,
    ...(asFlag(call.params['nomatch']) === 1 ? { nomatch: 1 } : {}),
    ...(comment ? { comment } : {}),
  };
}
