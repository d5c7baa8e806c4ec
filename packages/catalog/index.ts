import { guestsCapability } from './guests/index.ts';
import { nodesCapability } from './nodes/index.ts';
import { clusterCapability } from './cluster/index.ts';
import { versionCapability } from './version/index.ts';
import { storageCapability } from './storage/index.ts';
import { haCapability } from './ha/index.ts';
import { snapshotsCapability } from './snapshots/index.ts';
import { zfsCapability } from './zfs/index.ts';
import { replicationCapability } from './replication/index.ts';
import { certificatesCapability } from './certificates/index.ts';
import { updatesCapability } from './updates/index.ts';
import { disksCapability } from './disks/index.ts';
import { tasksCapability } from './tasks/index.ts';
import { hardwareCapability } from './hardware/index.ts';
import { networkCapability } from './network/index.ts';
import { imagesCapability } from './images/index.ts';
import { accessCapability } from './access/index.ts';
import { guestPartsCapability } from './guest-parts/index.ts';
import { backupsCapability } from './backups/index.ts';
import { firewallCapability } from './firewall/index.ts';
import { poolsCapability } from './pools/index.ts';
import { historyCapability } from './history/index.ts';
import { healthCapability } from './health/index.ts';
import { apiCapability } from './api/index.ts';
import { creationCapability } from './creation/index.ts';
import { guestConfigCapability } from './guest-config/index.ts';
import { guestDisksCapability } from './guest-disks/index.ts';
import { migrationCapability } from './migration/index.ts';
import { restoreCapability } from './restore/index.ts';
import { removalCapability } from './removal/index.ts';
import { nodePowerCapability } from './node-power/index.ts';
import { powerCapability } from './power/index.ts';
import type { Action, Capability, Dataset } from './kit/index.ts';

export type {
  Action,
  ActionExample,
  ActsOn,
  Answered,
  Capability,
  Cell,
  ColumnDef,
  Dataset,
  Derived,
  Draft,
  EntityKind,
  FindingRule,
  Gathered,
  Got,
  Grade,
  GuestNow,
  Input,
  Inputs,
  LocalFiles,
  NodeRef,
  Noun,
  Phrase,
  Piece,
  PieceStep,
  Planned,
  Planning,
  Quantity,
  Question,
  Range,
  Reading,
  Rec,
  Refusal,
  Relation,
  SlotKind,
  SummaryRow,
  Thresholds,
  Unknown,
} from './kit/index.ts';
export { CannotPlan, defaultThresholds, draft, isUnknown, unknownCell } from './kit/index.ts';

/** What can be asked about, in the order of the documentation. A capability exists when it stands here. */
export const catalogue: readonly Capability[] = [
  guestsCapability,
  nodesCapability,
  clusterCapability,
  versionCapability,
  storageCapability,
  haCapability,
  snapshotsCapability,
  zfsCapability,
  replicationCapability,
  certificatesCapability,
  updatesCapability,
  disksCapability,
  tasksCapability,
  hardwareCapability,
  networkCapability,
  imagesCapability,
  accessCapability,
  guestPartsCapability,
  backupsCapability,
  firewallCapability,
  poolsCapability,
  historyCapability,
  healthCapability,
  powerCapability,
  guestConfigCapability,
  guestDisksCapability,
  creationCapability,
  migrationCapability,
  removalCapability,
  restoreCapability,
  nodePowerCapability,
  apiCapability,
];

/** The datasets of all capabilities, by id. */
export const datasets: ReadonlyMap<string, Dataset> = new Map(
  catalogue.flatMap((capability) => capability.datasets.map((dataset) => [dataset.id, dataset])),
);

/** The actions of all capabilities, by id. */
export const actions: ReadonlyMap<string, Action> = new Map(
  catalogue.flatMap((capability) => (capability.actions ?? []).map((action) => [action.id, action])),
);
