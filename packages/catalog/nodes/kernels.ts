import { asText } from '@pxa/pve/values';
import {
  baseText,
  type Cell,
  type ColumnDef,
  type Draft,
  pointer,
  type Reading,
  type Rec,
  type Unknown,
  unknownCell,
  worked,
} from '../kit/index.ts';

const kernelPackage = /^(?:proxmox|pve)-kernel-(\d+\.\d+\.\d+-\d+)-pve(?:-signed)?$/;
/** `proxmox-kernel-6.8`: the newest kernel of its series; its version is that kernel's. */
const seriesPackage = /^(?:proxmox|pve)-kernel-\d+\.\d+$/;

/**
 * The newest kernel that is installed, and whether another runs: the node then waits for a reboot. From the versions of
 * its packages (Sys.Audit), which name the running kernel, too.
 */
export async function kernelsOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  const node = baseText(row, 'node');
  if (baseText(row, 'status') !== 'online') return { unknown: `node ${node} is offline` };
  const got = await reading.list('/nodes/{node}/apt/versions', { node });
  if (!got.ok) return { unknown: got.why };
  const runs = got.data.find(({ data }) => asText(data['RunningKernel']) !== null);
  const newest = newestOf(got.data);
  const lost = unknownCell('its packages name no installed kernel, or not the running one');
  if (runs === undefined || newest === undefined) return { data: { newest: lost, reboot: lost }, at: got.at };
  const running = versionOf(String(runs.data['RunningKernel']));
  const reboot: Cell = {
    value: compareVersions(newest.version, running) > 0,
    at: `installed newer than running: ${newest.at}, ${pointer(runs.at, 'RunningKernel')}`,
  };
  return { data: { newest: { value: newest.version, at: newest.at }, reboot }, at: got.at };
}

function newestOf(packages: readonly Rec[]): { version: string; at: string } | undefined {
  let newest: { version: string; at: string } | undefined;
  for (const { data, at } of packages) {
    const name = String(data['Package']);
    const installed = data['CurrentState'] === 'Installed' ? asText(data['OldVersion']) : null;
    if (installed === null) continue;
    const version = kernelPackage.exec(name)?.[1] ?? (seriesPackage.test(name) ? installed : undefined);
    if (version === undefined) continue;
    if (newest === undefined || compareVersions(version, newest.version) > 0) {
      newest = { version, at: pointer(at, seriesPackage.test(name) ? 'OldVersion' : 'Package') };
    }
  }
  return newest;
}

/** `6.8.12-9-pve` → `6.8.12-9`. */
function versionOf(release: string): string {
  return /\d+\.\d+\.\d+-\d+/.exec(release)?.[0] ?? release;
}

/** Kernel versions by their numbers: below 0 where the first is older. */
function compareVersions(a: string, b: string): number {
  const [x, y] = [a, b].map((version) => (version.match(/\d+/g) ?? []).map(Number));
  for (let at = 0; at < Math.max(x?.length ?? 0, y?.length ?? 0); at++) {
    const difference = (x?.[at] ?? 0) - (y?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export const kernelColumns: Record<string, ColumnDef> = {
  newest_kernel: worked('NEWEST KERNEL', 'kernels', 'newest', 'text', 'text', {
    words: 'newest kernel|installed kernel|newest installed kernel',
  }),
  reboot_needed: worked('REBOOT NEEDED', 'kernels', 'reboot', 'flag', 'yes_no', {
    yes: 'need a reboot|needing a reboot|needs a reboot|reboot needed|reboot required|need rebooting|waiting for a reboot|pending a reboot|require a reboot|to be rebooted|(run|running|runs|with|on) (an)? (old|older|outdated) kernel|with an outdated kernel',
    no: 'running the newest kernel|running the latest kernel',
  }),
};
