import { isOver, PVE_ENDS } from '../eol.ts';
import { eachPart, eachTarget, lackOf } from '../judge.ts';
import type { Check, Circumstances, Facts, Look, Rule, Seen } from '../rule.ts';
import { listOf } from './guest-looks.ts';

const ofNode = (row: Facts): string => `node/${String(row.value('node'))}`;

const securityUpdates: Look['where'] = { op: 'compare', column: 'security', is: '=', value: true };

const repositoryLook: Look = {
  dataset: 'repositories',
  columns: ['node', 'file', 'suites', 'components', 'types', 'enabled', 'signed', 'warnings'],
  narrow: 'node',
};

/** Rules about how up to date nodes are, and where they get their packages from. */
export const nodeRules: readonly Rule[] = [
  {
    id: 'node.security_updates',
    kind: 'vulnerability',
    title: 'No security updates wait on a node',
    about: 'node',
    grade: 'medium',
    looks: [{ dataset: 'updates', columns: ['node', 'package', 'security'], where: securityUpdates, narrow: 'node' }],
    judge: pendingUpdates,
    remedy: 'Move its guests away, run `apt dist-upgrade` on it, and restart it where a kernel came along.',
    controls: ['CIS 7.3', 'SOC2 CC7.1'],
  },
  {
    id: 'node.known_vulnerability',
    kind: 'vulnerability',
    title: 'No installed package of a node has a known vulnerability that an update fixes',
    about: 'node',
    grade: 'unrated',
    isDeep: true,
    looks: [{ dataset: 'updates', columns: ['node', 'package', 'old_version', 'version', 'cves'], narrow: 'node' }],
    judge: eachPart({
      target: ofNode,
      needs: ['package', 'version', 'cves'],
      by: ['package', 'version', 'cves'],
      fault: (row, name) => {
        const cves = listOf(row, 'cves');
        if (cves.length === 0) return undefined;
        const [from, to] = [String(row.value('old_version')), String(row.value('version'))];
        return {
          about: row.id,
          text: `${String(row.value('package'))} ${from} on ${name} has ${cves.join(', ')}, which ${to} fixes.`,
          cves,
        };
      },
    }),
    remedy: 'Run `apt dist-upgrade` on the node; the update waits there.',
    controls: ['CIS 7.7', 'SOC2 CC7.1'],
  },
  {
    id: 'node.version_ended',
    kind: 'vulnerability',
    title: 'Nodes run a Proxmox VE that still gets security fixes',
    about: 'node',
    grade: 'high',
    looks: [{ dataset: 'nodes', columns: ['node', 'version'], narrow: 'node' }],
    judge: eachTarget({
      needs: ['version'],
      fault: (row, name, { now }) => {
        const version = String(row.value('version'));
        const end = PVE_ENDS[version.split('.')[0] ?? ''];
        if (end === undefined || !isOver(end, now)) return undefined;
        return { text: `${name} runs Proxmox VE ${version}, which has got no security fixes since ${end.from}.` };
      },
    }),
    remedy: 'Upgrade to the next major version, one after the other: `pve8to9` and its like say what is in the way.',
    controls: ['CIS 2.2', 'SOC2 CC7.1'],
  },
  {
    id: 'node.certificate_ends',
    kind: 'configuration',
    title: 'The certificates of nodes are valid for a while yet',
    about: 'node',
    grade: 'medium',
    looks: [{ dataset: 'certificates', columns: ['node', 'filename', 'days_left'], narrow: 'node' }],
    judge: eachPart({
      target: ofNode,
      needs: ['days_left'],
      fault: (row, name, { thresholds }) => {
        const days = Math.floor(Number(row.value('days_left')));
        if (days > thresholds.certificateDays) return undefined;
        const which = `Certificate ${String(row.value('filename'))} of ${name}`;
        const text = days < 0 ? `${which} ended ${-days} days ago.` : `${which} ends in ${days} days.`;
        return { about: row.id, text, ...(days < 7 ? { grade: 'high' as const } : {}) };
      },
    }),
    remedy: 'Renew it: `pvenode acme cert renew`, or `pvecm updatecerts --force` for Proxmox’s own.',
    controls: ['CIS 3.10', 'SOC2 CC6.7'],
  },
  {
    id: 'node.unsigned_repository',
    kind: 'vulnerability',
    title: 'Nodes take packages from signed repositories alone',
    about: 'node',
    grade: 'high',
    looks: [repositoryLook],
    judge: eachPart({
      target: ofNode,
      when: (row) => row.value('enabled') === true,
      needs: ['signed'],
      fault: (row, name) =>
        row.value('signed') === false
          ? {
              about: row.id,
              text: `${name} takes packages from ${String(row.value('file'))} without looking at signatures.`,
            }
          : undefined,
    }),
    remedy: 'Take the option trusted or allow-insecure out of that file, and name the repository’s key by Signed-By.',
    controls: ['SOC2 CC6.8'],
  },
  {
    id: 'node.stale_repository',
    kind: 'vulnerability',
    title: 'The repositories of nodes are those of their release',
    about: 'node',
    grade: 'medium',
    looks: [repositoryLook],
    judge: eachPart({
      target: ofNode,
      when: (row) => row.value('enabled') === true,
      needs: ['warnings'],
      fault: (row, name) => {
        const warnings = listOf(row, 'warnings');
        return warnings.length === 0
          ? undefined
          : { about: row.id, text: `${String(row.value('file'))} of ${name}: ${warnings.join('; ')}` };
      },
    }),
    remedy: 'Set the suite to the release that the node runs: Node → Updates → Repositories.',
    controls: ['CIS 7.3', 'SOC2 CC7.1'],
  },
  {
    id: 'node.no_update_repository',
    kind: 'vulnerability',
    title: 'Nodes have repositories that bring security updates of Debian and of Proxmox VE',
    about: 'node',
    grade: 'high',
    looks: [repositoryLook],
    judge: updateSources,
    remedy: 'Enable debian-security and a repository of Proxmox VE: Node → Updates → Repositories.',
    controls: ['CIS 7.3', 'SOC2 CC7.1'],
  },
];

/** One finding for all that waits on a node. */
function pendingUpdates([seen]: readonly Seen[], { targets }: Circumstances): Check[] {
  const byNode = Map.groupBy(seen?.rows ?? [], ofNode);
  return [...targets].flatMap(([target, name]): Check[] => {
    const rows = byNode.get(target) ?? [];
    const why = lackOf(seen, target);
    if (rows.length === 0) return [why === undefined ? { state: 'passed', target } : { state: 'unknown', target, why }];
    const names = rows.map((row) => String(row.value('package')));
    const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? `, and ${names.length - 5} more` : '');
    const text = `${names.length} update${names.length === 1 ? '' : 's'} that may fix security ${names.length === 1 ? 'waits' : 'wait'} on ${name}: ${shown}.`;
    return [{ state: 'failed', target, fault: { text, by: rows.map((row) => [row, 'package']) } }];
  });
}

/** Whether a node hears of security updates at all. */
function updateSources([seen]: readonly Seen[], { targets }: Circumstances): Check[] {
  const byNode = Map.groupBy(seen?.rows ?? [], ofNode);
  return [...targets].map(([target, name]): Check => {
    const why = lackOf(seen, target);
    const rows = (byNode.get(target) ?? []).filter(
      (row) => row.value('enabled') === true && listOf(row, 'types').includes('deb'),
    );
    const isDebian = rows.some((row) => listOf(row, 'suites').some((suite) => /-security$|\/updates$/.test(suite)));
    const isProxmox = rows.some((row) =>
      listOf(row, 'components').some((component) => /^pve-?(enterprise|no-subscription|test)$/.test(component)),
    );
    if (isDebian && isProxmox) return { state: 'passed', target };
    if (why !== undefined) return { state: 'unknown', target, why };
    const missing = [...(isDebian ? [] : ['of Debian']), ...(isProxmox ? [] : ['of Proxmox VE'])].join(' and ');
    const text = `${name} has no repository that brings it security updates ${missing}.`;
    return { state: 'failed', target, fault: { text, by: rows.map((row) => [row, 'components']) } };
  });
}
