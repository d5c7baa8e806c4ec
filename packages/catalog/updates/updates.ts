import {
  askedNodes,
  baseText,
  type Cell,
  dataset,
  draft,
  type Draft,
  given,
  is,
  isUnknown,
  known,
  pointer,
  type RowsReader,
  startsWith,
  text,
  unknownCell,
} from '../kit/index.ts';
import { changelogOf, cvesColumn } from './changelog.ts';

/** Pending packages, one call a node. The list is as old as the node's last `apt update`. */
const rows: RowsReader = async (reading) => {
  const lists = await reading.each(await askedNodes(reading, 'updates'), async ({ node }): Promise<Draft[]> => {
    const got = await reading.list('/nodes/{node}/apt/update', { node });
    if (!got.ok) {
      reading.lacks(`updates of ${node}`, got.why, got.nextStep, `node/${node}`);
      return [];
    }
    const found = got.data.map((rec) =>
      draft(`update/${node}/${String(rec.data['Package'])}`, rec, { node: { value: node, at: got.at } }),
    );
    return withNodesSecurity(found);
  });
  return reading.wants('cves') ? withChangelogs(lists.flat()) : lists.flat();
};

/** Where each row's changelog is read: the same update of several nodes at one of them, those that may fix security first. */
function withChangelogs(found: readonly Draft[]): Draft[] {
  const first = new Map<string, { node: Cell; rank: number }>();
  const isSecure = (row: Draft): boolean => securityOf(row).value === true;
  for (const row of [...found.filter(isSecure), ...found.filter((each) => !isSecure(each))]) {
    const { node = unknownCell('the node was not told') } = row.given;
    if (!first.has(keyOf(row))) first.set(keyOf(row), { node, rank: first.size });
  }
  return found.map((row) => {
    const { node, rank = 0 } = first.get(keyOf(row)) ?? {};
    const given = { ...row.given, ...(node && { changelog_node: node }), rank: { value: rank, at: 'computed' } };
    return { ...row, given };
  });
}

const keyOf = (row: Draft): string => `${baseText(row, 'Package')} ${baseText(row, 'Version')}`;

/** The first of a node's security updates tells of them all, so that they make one finding. */
function withNodesSecurity(found: Draft[]): Draft[] {
  const secure = found.filter((row) => securityOf(row).value === true);
  const names = secure.map((row) => row.id.split('/').slice(2).join('/'));
  const at = secure.map((row) => securityOf(row).at).join(', ');
  return found.map((row) =>
    row === secure[0] ? { ...row, given: { ...row.given, secure: { value: names, at } } } : row,
  );
}

/**
 * Proxmox's list does not say which updates are security updates. An origin or section that says so counts; so does
 * Debian's numbering of updates to a stable release (`+deb12u3`), which security and point releases share.
 */
function securityOf(row: Draft): Cell {
  const rec = row.recs['base'];
  if (rec === undefined || isUnknown(rec)) return unknownCell('the updates were not read');
  const { Origin: origin, Section: section, Version: version } = rec.data;
  const at = (key: string): string => pointer(rec.at, key);
  if (/security/i.test(`${String(origin)} ${String(section)}`)) {
    return { value: true, at: `origin or section names security: ${at('Origin')}, ${at('Section')}` };
  }
  const stable = origin === 'Debian' && /[+~]deb\d+u\d+/.test(String(version));
  return {
    value: stable,
    at: `origin Debian with the version of a stable update (debNuN): ${at('Origin')}, ${at('Version')}`,
  };
}

/** Packages of nodes for which a newer version waits. */
export const updates = dataset({
  id: 'updates',
  title: 'Pending updates',
  counted: 'count',
  nouns: [
    {
      words:
        'update|pending update|package update|available update|software update|upgrade|pending upgrade|package upgrade|outdated package|upgradable package|upgradeable package|patch|apt update|outstanding update',
      title: 'Pending updates',
    },
    {
      words: 'security update|security patch|security fix|security upgrade|pending security update',
      where: is('security', true),
      title: 'Security updates',
    },
    { words: 'kernel update|kernel upgrade|new kernel', where: is('kernel', true), title: 'Kernel updates' },
    { words: 'package|packages to update|waiting package', title: 'Pending updates' },
  ],
  rows,
  details: { changelog: changelogOf },
  columns: {
    node: given('NODE', 'node', 'text', 'text', { words: 'node|host', names: 'node' }),
    package: text('PACKAGE', 'Package', { words: 'package|package name|name' }),
    old_version: text('INSTALLED', 'OldVersion', {
      words: 'installed version|old version|current version',
      absent: 'not installed',
    }),
    version: text('NEW', 'Version', { words: 'version|new version|available version' }),
    origin: text('ORIGIN', 'Origin', { words: 'origin|source|repository|vendor', absent: '' }),
    section: text('SECTION', 'Section', { words: 'section', absent: '' }),
    priority: text('PRIORITY', 'Priority', { words: 'priority', absent: '' }),
    title: text('TITLE', 'Title', { words: 'title|description', absent: '' }),
    security: {
      label: 'SECURITY',
      type: 'flag',
      unit: 'yes_no',
      from: ['base'],
      uses: [],
      words: 'security',
      yes: 'security|security relevant|for security',
      read: securityOf,
    },
    cves: cvesColumn,
    secure: given('SECURITY UPDATES OF THE NODE', 'secure', 'list', 'text'),
    kernel: {
      label: 'KERNEL',
      type: 'flag',
      unit: 'yes_no',
      from: ['base'],
      uses: ['package'],
      yes: 'needing a reboot|that need a reboot|requiring a reboot',
      read: (_row, cell) => {
        const { value, at } = cell('package');
        return value === null
          ? { value, at }
          : {
              value: /^(proxmox|pve)-kernel-|^linux-image-/.test(String(value)),
              at: `name of a kernel package: ${at}`,
            };
      },
    },
  },
  identity: ['node', 'package'],
  shown: ['node', 'package', 'old_version', 'version', 'origin', 'security'],
  named: 'package',
  scopes: { node: 'node' },
  phrases: [
    {
      say: 'pending|outstanding|available|to be installed|to install|waiting|waiting to be (installed|updated)|(can|could|should|must|need to|needs to|to) be (updated|upgraded|installed|patched)|(updatable|upgradable|upgradeable)|(need|needs|needing|require|requiring) (an)? (update|updates|updating|upgrade|upgrading)|(are|is)? (outdated|out of date|old)',
      where: known('package'),
    },
    { say: 'from proxmox|of proxmox', where: is('origin', 'Proxmox'), focus: ['origin'] },
    { say: 'from debian|of debian', where: is('origin', 'Debian'), focus: ['origin'] },
    { say: 'for (the)? kernel', where: is('kernel', true) },
    { say: 'for qemu|of qemu', where: startsWith('package', 'pve-qemu') },
  ],
  order: [
    { column: 'node', dir: 'asc' },
    { column: 'package', dir: 'asc' },
  ],
  summary: (all) => {
    const nodes = new Set(all.map((row) => row('node'))).size;
    const secure = all.filter((row) => row('security') === true).length;
    return `${all.length} update${all.length === 1 ? '' : 's'} on ${nodes} node${nodes === 1 ? '' : 's'} · ${secure} security`;
  },
  findings: [
    {
      code: 'updates.security',
      severity: 'info',
      needs: ['node', 'security', 'secure'],
      check: (value) => {
        const secure = value('secure');
        if (!Array.isArray(secure) || secure.length === 0) return undefined;
        const names = secure.slice(0, 5).join(', ') + (secure.length > 5 ? `, and ${secure.length - 5} more` : '');
        return {
          about: `node/${String(value('node'))}`,
          text: `${String(value('node'))} has ${secure.length} pending update${secure.length === 1 ? '' : 's'} that may fix security: ${names}.`,
          next_step: `Move the guests away and run \`apt dist-upgrade\` on ${String(value('node'))}.`,
        };
      },
    },
  ],
});
