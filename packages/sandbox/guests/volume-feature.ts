import type { State } from '../state/model.ts';
import { splitVolid, storageType } from './volumes.ts';

export type VolumeFeature = 'snapshot' | 'clone' | 'copy';
/** A volume as it is, one of a template, or as it was when a snapshot was taken. */
type Form = 'current' | 'base' | 'snap';

const ALL: readonly Form[] = ['current', 'base', 'snap'];
const NONE: Record<VolumeFeature, readonly Form[]> = { snapshot: [], clone: [], copy: [] };

/** What storages can do with volumes of each form: volume_has_feature of the plugins in pve-storage. */
const STORAGES: Readonly<Record<string, Record<VolumeFeature, readonly Form[]>>> = {
  zfspool: { snapshot: ['current', 'snap'], clone: ['base'], copy: ['current', 'base'] },
  zfs: { snapshot: ['current', 'snap'], clone: ['base'], copy: ['current', 'base'] },
  lvmthin: { snapshot: ['current'], clone: ['base', 'snap'], copy: ALL },
  rbd: { snapshot: ['current', 'snap'], clone: ['base', 'snap'], copy: ALL },
  btrfs: { snapshot: ['current', 'snap'], clone: ALL, copy: ALL },
  cephfs: { snapshot: ['current', 'snap'], clone: ['base'], copy: ['current', 'base'] },
  lvm: { ...NONE, copy: ['current', 'base'] },
  iscsi: { ...NONE, copy: ['current'] },
};

/** Files by their format: only qcow2 has snapshots. */
const QCOW2 = { snapshot: ['current', 'snap'], clone: ['base'], copy: ALL } as const;
const RAW = { snapshot: [], clone: ['base'], copy: ['current', 'base'] } as const;

/** Whether a volume's storage can do something with it, or with what it was in a snapshot. */
export function hasVolumeFeature(
  state: State,
  volid: string,
  { feature, inSnapshot }: { feature: VolumeFeature; inSnapshot: boolean },
): boolean {
  const ofFile = volid.endsWith('.qcow2') ? QCOW2 : RAW;
  const can: Record<VolumeFeature, readonly Form[]> = STORAGES[storageType(state, splitVolid(volid).storage)] ?? ofFile;
  const form: Form = inSnapshot ? 'snap' : /[:/](?:base|basevol)-\d+-[^/]*$/.test(volid) ? 'base' : 'current';
  return can[feature].includes(form);
}
