import { baseText, type Cell, type ColumnDef, type DetailReader, worked } from '../kit/index.ts';
import { compareVersions } from './debian-version.ts';

/** How many changelogs a question may cost: each is fetched from the internet by the node, which may take seconds. */
const MOST_CHANGELOGS = 200;

/** The head of an entry: `openssl (3.5.4-1~deb13u2) trixie-security; urgency=high`. */
const HEAD = /^\S+ \(([^()\s]+)\) [^;]*;/;
const CVE = /\bCVE-\d{4}-\d{4,}\b/g;

/**
 * The CVE ids that a package's changelog names in the entries newer than the installed version; why they cannot be told
 * where it is no changelog (a node that cannot reach the server gives an error and `RC: 100`).
 */
export function cvesSince(changelog: string, installed: string): { cves: string[] } | { unknown: string } {
  const lines = changelog.split('\n');
  const failed = /^RC: \d+$/.test(lines.findLast((line) => line.trim() !== '') ?? '');
  if (failed || !lines.some((line) => HEAD.test(line))) {
    const [said = ''] = lines.filter((line) => line.trim() !== '');
    return { unknown: `the node could not fetch the changelog${said === '' ? '' : `: ${said.slice(0, 200)}`}` };
  }
  const found = new Set<string>();
  let isNewer = false;
  for (const line of lines) {
    const version = HEAD.exec(line)?.[1];
    if (version !== undefined) {
      isNewer = installed === '' || compareVersions(version, installed) > 0;
      // Entries stand from the newest to the oldest.
      if (!isNewer) break;
    }
    if (isNewer) for (const [id] of line.matchAll(CVE)) found.add(id);
  }
  return { cves: [...found].sort() };
}

/** The CVE ids of an update, from its changelog: one call for each package and version, whichever nodes wait for it. */
export const changelogOf: DetailReader = async (reading, row) => {
  const rank = row.given['rank']?.value;
  if (typeof rank === 'number' && rank >= MOST_CHANGELOGS) {
    return { unknown: `only ${MOST_CHANGELOGS} changelogs are read at once` };
  }
  const [name, version] = [baseText(row, 'Package'), baseText(row, 'Version')];
  const node = String(row.given['changelog_node']?.value ?? row.given['node']?.value);
  const got = await reading.read('/nodes/{node}/apt/changelog', { node, name, version });
  if (!got.ok) return { unknown: got.why };
  const found = cvesSince(String(got.data), baseText(row, 'OldVersion'));
  if ('unknown' in found) return found;
  const cves: Cell = { value: found.cves, at: got.at };
  return { data: { cves }, at: got.at };
};

/** A column of updates: the vulnerabilities that an update fixes, as its changelog names them. */
export const cvesColumn: ColumnDef = worked('CVES', 'changelog', 'cves', 'list', 'text', {
  words: 'cve|cve id|cve identifier|known vulnerability|security hole',
});
