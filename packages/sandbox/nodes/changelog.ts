import type { NodeState, Row } from '../state/model.ts';

/**
 * What `apt-get changelog -qq NAME[=VERSION]` writes, its errors with it, and how it exited where that was not 0
 * (pve-manager PVE/API2/APT.pm, changelog: the call itself succeeds all the same).
 */
export function changelogText(node: NodeState, name: string, version: string | undefined): string {
  const row = [...node.updates, ...node.versions].find((each) => each['Package'] === name);
  if (row === undefined) return failed(`Unable to locate package ${name}`);
  const [newest, installed] = [textOf(row, 'Version'), textOf(row, 'OldVersion')];
  const asked = version ?? newest;
  if (asked !== newest && asked !== installed) return failed(`Version '${asked}' for '${name}' was not found`);
  if (node.changelogs === undefined)
    return failed(`Failed to fetch changelog:/${name}.changelog  Changelog unavailable`);
  const whole =
    node.changelogs[name] ??
    [newest, installed]
      .filter(Boolean)
      .map((each) => entry(name, each))
      .join('\n');
  const lines = whole.split('\n');
  // the head of an entry names the source package, which may be called otherwise
  const head = lines.findIndex((line) => /^\S/.test(line) && line.includes(` (${asked}) `));
  return lines.slice(Math.max(0, head)).join('\n');
}

function entry(name: string, version: string): string {
  return `${name} (${version}) trixie; urgency=medium

  * update to the latest version

 -- Proxmox Support Team <support@proxmox.com>  Thu, 29 Jan 2026 10:41:12 +0100
`;
}

const failed = (error: string): string => `E: ${error}\nRC: 100`;

const textOf = (row: Row, key: string): string => String(row[key] ?? '');
