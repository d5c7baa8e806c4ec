import { Result, type Behaviours, type Call } from '../behaviour.ts';
import type { NodeState, Row } from '../state/model.ts';
import { nodeOf, offered, textParam } from './common.ts';
import { changelogText } from '../nodes/changelog.ts';
import { systemLog } from './logs.ts';
import { logPage } from './nodes.ts';

/** What keeps a node up to date and trusted: packages, repositories, certificates, its log. */
export const upkeep: Behaviours = {
  'GET /nodes/{node}/apt/update': (call) => {
    const node = nodeOf(call);
    return offered(node, 'updates', node.updates);
  },
  'GET /nodes/{node}/apt/versions': (call) => nodeOf(call).versions,
  'GET /nodes/{node}/apt/changelog': (call) => changelog(call),
  'GET /nodes/{node}/apt/repositories': (call) => nodeOf(call).repositories ?? repositories(call),
  'GET /nodes/{node}/certificates/info': (call) => {
    const node = nodeOf(call);
    return offered(node, 'certificates', node.certificates);
  },
  'GET /nodes/{node}/syslog': (call) => {
    const lines = systemLog(call);
    return new Result(logPage(call, lines), lines.length > 0 ? { total: lines.length } : {});
  },
  'GET /nodes/{node}/journal': systemLog,
  'GET /nodes/{node}/aplinfo': (call) => appliances(nodeOf(call)),
};

function changelog(call: Call): string {
  return changelogText(nodeOf(call), textParam(call, 'name') ?? '', textParam(call, 'version'));
}

/** The repositories of a node with a subscription, as installed. */
function repositories(call: Call): Row {
  const nine = call.version.major >= 9;
  const suite = nine ? 'trixie' : 'bookworm';
  const entry = (uri: string, suites: string[], components: string[]): Row => ({
    Types: ['deb'],
    URIs: [uri],
    Suites: suites,
    Components: components,
    Enabled: 1,
    FileType: 'sources',
  });
  const path = '/etc/apt/sources.list.d';
  const files = [
    {
      path: `${path}/debian.sources`,
      'file-type': 'sources',
      repositories: [
        entry('http://deb.debian.org/debian', [suite, `${suite}-updates`], ['main', 'contrib']),
        entry('http://security.debian.org/debian-security', [`${suite}-security`], ['main', 'contrib']),
      ],
    },
    {
      path: `${path}/pve-enterprise.sources`,
      'file-type': 'sources',
      repositories: [entry('https://enterprise.proxmox.com/debian/pve', [suite], ['pve-enterprise'])],
    },
  ];
  return { files, errors: [], infos: [], digest: '0'.repeat(64), 'standard-repos': standard() };
}

function standard(): Row[] {
  return [
    { handle: 'enterprise', name: 'Enterprise', status: 1 },
    { handle: 'no-subscription', name: 'No-Subscription' },
    { handle: 'test', name: 'Test' },
  ];
}

/** Container templates that can be downloaded: package, version, system, ending. */
const TEMPLATES: [string, string, string, string][] = [
  ['alpine-3.22-default', '20250617', 'alpine', 'tar.xz'],
  ['debian-12-standard', '12.12-1', 'debian-12', 'tar.zst'],
  ['debian-13-standard', '13.1-2', 'debian-13', 'tar.zst'],
  ['rockylinux-10-default', '20251001', 'rockylinux-10', 'tar.xz'],
  ['ubuntu-24.04-standard', '24.04-2', 'ubuntu-24.04', 'tar.zst'],
];

/** The container templates that a node's list offers for download. */
export function appliances(node: NodeState): readonly Row[] {
  return node.appliances ?? TEMPLATES.map(appliance);
}

function appliance([name, version, os, ending]: [string, string, string, string]): Row {
  return {
    template: `${name}_${version}_amd64.${ending}`,
    package: name,
    version,
    os,
    type: 'lxc',
    section: 'system',
    architecture: 'amd64',
    source: 'http://download.proxmox.com/images/',
    location: `http://download.proxmox.com/images/system/${name}_${version}_amd64.${ending}`,
    headline: `${os} (standard)`,
  };
}
