import { asNumber } from '@pxa/pve/values';
import { CannotPlan, type GuestNow, needed, type Planned, type Planning, type Rec } from '../kit/index.ts';

/** Systems by the words that people have for them; what the names of templates hold of them is made of the key. */
export const systems = {
  'ubuntu-22.04': 'ubuntu 22.04|ubuntu 22.04 lts|ubuntu 22|ubuntu jammy|jammy',
  'ubuntu-24.04': 'ubuntu 24.04|ubuntu 24.04 lts|ubuntu 24|ubuntu noble|noble',
  ubuntu: 'ubuntu|ubuntu linux',
  'debian-12': 'debian 12|debian bookworm|bookworm',
  'debian-13': 'debian 13|debian trixie|trixie',
  debian: 'debian|debian linux',
  alpine: 'alpine|alpine linux',
  rocky: 'rocky|rocky linux|rocky 9|rocky linux 9',
  alma: 'alma|almalinux|alma linux|almalinux 9',
  fedora: 'fedora|fedora linux',
  centos: 'centos|centos stream',
  opensuse: 'opensuse|open suse|suse',
  arch: 'arch|arch linux',
  'win-2022': 'windows server 2022|windows 2022|server 2022|win2022',
  windows: 'windows|windows server',
} as const;

/** What a template must be of, and what a guest made of it is called where no name was said. */
interface Source {
  readonly template: GuestNow;
  readonly name: string | undefined;
  readonly assumptions: readonly string[];
}

interface Told {
  readonly template?: string;
  readonly from?: string;
  readonly os?: string;
  readonly node?: string;
}

/** The template that was named, or the one whose name says the system that was. */
export async function templateFor(planning: Planning, told: Told): Promise<Source | Planned> {
  const { template, from, node } = told;
  const os = told.os ?? from;
  const input = from === undefined ? {} : { input: 'from' };
  if (template !== undefined) return { template: await planning.guest(template), name: undefined, assumptions: [] };
  const rows = needed(await planning.list('/cluster/resources', {}), 'The list of templates');
  const templates = rows.filter(({ data }) => data['type'] === 'qemu' && asNumber(data['template']) === 1);
  const exact = from === undefined ? [] : templates.filter((row) => isCalled(row, from));
  // A name that is none is not guessed at, unless it is that of a system.
  const isSystem = from === undefined || from.toLowerCase() in systems;
  const fit = exact.length > 0 || !isSystem ? exact : templates.filter((row) => isOf(row, os ?? ''));
  const there = fit.filter(({ data }) => data['node'] === node);
  const [only, ...others] = there.length > 0 ? there : fit;
  if (only === undefined) {
    const all = templates.map(({ data }) => String(data['name']));
    throw new CannotPlan({
      why: `No template is called after ${os ?? 'what was said'}.`,
      next:
        all.length === 0
          ? 'There is no template at all: download a cloud image first.'
          : `Templates: ${all.join(', ')}.`,
      ...input,
      reason: 'not_found',
    });
  }
  if (others.length > 0) {
    const names = [only, ...others].map(({ data }) => String(data['name']));
    return {
      kind: 'ask',
      question: `Several templates are called after ${os ?? ''}. From which?`,
      options: names.map((name) => ({ label: name, say: `create a VM from ${name}` })),
      ...input,
      reason: 'ambiguous',
    };
  }
  const name = freeName(`${(os ?? 'vm').replaceAll('.', '')}-new`, rows);
  const chosen = `Template ${String(only.data['name'])}: the one that is called after ${os ?? ''}`;
  return {
    template: await planning.guest(String(only.data['id'])),
    name,
    assumptions: [chosen, `Name ${name}: made of the system`],
  };
}

/** Whether a template is the one of a name or an id: `9000`, `vm-9000`, `ubuntu-22.04-cloud`. */
function isCalled({ data }: Rec, named: string): boolean {
  const plain = named.trim().toLowerCase();
  return plain.replace(/^vm-/, '') === String(data['vmid']) || plain === String(data['name'] ?? '').toLowerCase();
}

/** Whether a template's name holds every part of a system's: `ubuntu-22.04-cloud`, `tmpl-ubuntu2204`. */
function isOf({ data }: Rec, os: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const name = plain(String(data['name'] ?? ''));
  return os !== '' && os.split('-').every((part) => name.includes(plain(part)));
}

function freeName(wanted: string, rows: readonly Rec[]): string {
  const taken = new Set(rows.map(({ data }) => data['name']));
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    if (!taken.has(name)) return name;
  }
}
