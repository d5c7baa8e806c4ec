import type { Call, Handler } from '../behaviour.ts';
import { textParam } from '../behaviours/common.ts';
import { assertDigest } from '../behaviours/config-change.ts';
import { refused } from '../guests/work.ts';
import type { Row } from '../state/model.ts';
import type { Level } from './levels.ts';
import { findAlias } from './verify-rule.ts';

/** PVE::API2::Firewall::Aliases: names for addresses; told apart whatever their case. */
export function aliasRoutes(path: string, level: Level): Record<string, Handler> {
  const save = (call: Call, aliases: Row[]): null => {
    level.write(call, { aliases: aliases.sort((a, b) => keyOf(a).localeCompare(keyOf(b))) });
    return null;
  };
  return {
    [`POST ${path}`]: (call) => {
      const { aliases } = level.read(call);
      const name = textParam(call, 'name') ?? '';
      if (findAlias([level.read(call)], name)) throw refused({ name: `alias '${name}' already exists` });
      return save(call, [...aliases, made(call, name)]);
    },

    [`PUT ${path}/{name}`]: (call) => {
      const firewall = level.read(call);
      assertDigest(call, firewall.aliases);
      const name = textParam(call, 'name') ?? '';
      const before = findAlias([firewall], name);
      if (!before) throw refused({ name: 'no such alias' });
      const rename = textParam(call, 'rename');
      if (rename !== undefined && rename.toLowerCase() !== name.toLowerCase() && findAlias([firewall], rename)) {
        throw refused({ name: `alias '${rename}' already exists` });
      }
      const after = made(call, rename ?? name);
      return save(
        call,
        firewall.aliases.map((row) => (row === before ? after : row)),
      );
    },

    [`DELETE ${path}/{name}`]: (call) => {
      const firewall = level.read(call);
      assertDigest(call, firewall.aliases);
      const gone = findAlias([firewall], textParam(call, 'name') ?? '');
      return save(
        call,
        firewall.aliases.filter((row) => row !== gone),
      );
    },
  };
}

function keyOf(row: Row): string {
  return String(row['name']).toLowerCase();
}

function made(call: Call, name: string): Row {
  const [cidr, comment] = [textParam(call, 'cidr') ?? '', textParam(call, 'comment')];
  return { name, cidr, ipversion: cidr.includes(':') ? 6 : 4, ...(comment ? { comment } : {}) };
}
