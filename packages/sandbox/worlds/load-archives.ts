import { archivedFrom, archiveType } from '../backups/archived.ts';
import type { NodeState } from '../state/model.ts';
import type { Part } from './check.ts';

/** The configurations inside backups, where a world has them: `archives` of a node, by volume id. */
export function loadArchives(world: Part, nodes: Map<string, NodeState>): void {
  for (const node of nodes.values()) {
    for (const [volid, text] of world.at('nodes').at(node.name).at('archives').entries()) {
      const pool = node.storages.get(volid.split(':')[0] ?? '')?.pool;
      const volume = pool?.volumes.find((one) => one.volid === volid && one.content === 'backup');
      if (!pool || !volume) continue;
      pool.archived ??= new Map();
      pool.archived.set(volid, archivedFrom(archiveType(volume), text.text() ?? ''));
    }
  }
}
