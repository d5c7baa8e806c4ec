import { approvalRoutes } from './approvals/routes.ts';
import { askRoutes } from './asking/routes.ts';
import { tokenRoutes } from './auth/routes.ts';
import { backupCreation } from './backups/create.ts';
import { backupJobCreation } from './backups/jobs/create.ts';
import { backupJobRoutes } from './backups/jobs/routes.ts';
import { backupJobWrites } from './backups/jobs/writes.ts';
import { restoreRoutes } from './backups/restore.ts';
import { backupRoutes } from './backups/routes.ts';
import { backupWrites } from './backups/writes.ts';
import { healthRoutes } from './health/routes.ts';
import { probeRoutes } from './health/probes.ts';
import { metricRoutes } from './metrics/routes.ts';
import { sandboxRoutes } from './sandbox/routes.ts';
import { maintenanceRoutes } from './maintenance/routes.ts';
import { jobRoutes } from './jobs/routes.ts';
import { nodePowerRoutes } from './nodes/power.ts';
import { nodeRoutes } from './nodes/routes.ts';
import { networkCreation } from './networks/create.ts';
import { networkRoutes } from './networks/routes.ts';
import { networkWrites } from './networks/writes.ts';
import { generateRoutes } from './generate/routes.ts';
import { haRoutes } from './ha/routes.ts';
import { haResourceRoutes } from './ha/resources.ts';
import { clusterRoutes } from './cluster/routes.ts';
import { connectionRoutes } from './connections/routes.ts';
import { catalogRoutes } from './catalog/routes.ts';
import { taskRoutes } from './tasks/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { scanRoutes } from './security/routes.ts';
import { systemMetricRoutes } from './monitoring/system.ts';
import { historyRoutes } from './monitoring/history.ts';
import { conversationRoutes } from './conversations/routes.ts';
import type { App } from './server.ts';
import { contentRoutes } from './storage/content.ts';
import { downloadRoutes } from './storage/downloads.ts';
import { storageRoutes } from './storage/routes.ts';
import { uploadRoutes } from './storage/uploads/routes.ts';
import { volumeDeletion } from './storage/volume-deletion.ts';
import { storageWrites } from './storage/writes.ts';
import { webhookRoutes } from './webhooks/routes.ts';
import { deliveryRoutes } from './webhooks/delivery-routes.ts';
import { containerRoutes } from './containers/routes.ts';
import { eventRoutes } from './events/routes.ts';
import { vmRoutes } from './vms/routes.ts';

/** Everything that is served, by the path that it is under: one line an area. */
export const ROUTES: readonly (readonly [prefix: string, routes: (app: App) => Promise<void>])[] = [
  ['', probeRoutes],
  ['', metricRoutes],
  ['/v1', healthRoutes],
  ['/v1', maintenanceRoutes],
  ['/v1/sandbox', sandboxRoutes],
  ['/v1', askRoutes],
  ['/v1/approvals', approvalRoutes],
  ['/v1/auth/tokens', tokenRoutes],
  ['/v1/backups', backupRoutes],
  ['/v1/backups', backupCreation],
  ['/v1/backups', backupWrites],
  ['/v1/backups', restoreRoutes],
  ['/v1/backup-jobs', backupJobRoutes],
  ['/v1/backup-jobs', backupJobCreation],
  ['/v1/backup-jobs', backupJobWrites],
  ['/v1/jobs', jobRoutes],
  ['/v1/networks', networkRoutes],
  ['/v1/networks', networkCreation],
  ['/v1/networks', networkWrites],
  ['/v1/storage', contentRoutes],
  ['/v1/storage', downloadRoutes],
  ['/v1/storage', storageRoutes],
  ['/v1/storage', volumeDeletion],
  ['/v1/storage', storageWrites],
  ['/v1/storage', uploadRoutes],
  ['/v1/nodes', nodePowerRoutes],
  ['/v1/nodes', nodeRoutes],
  ['/v1/vms', vmRoutes],
  ['/v1/containers', containerRoutes],
  ['/v1/ha', haRoutes],
  ['/v1/ha/resources', haResourceRoutes],
  ['/v1/cluster', clusterRoutes],
  ['/v1/connections', connectionRoutes],
  ['/v1/catalog', catalogRoutes],
  ['/v1/security/scans', scanRoutes],
  ['/v1/events', eventRoutes],
  ['/v1/webhooks', webhookRoutes],
  ['/v1/webhooks', deliveryRoutes],
  ['/v1/tasks', taskRoutes],
  ['/v1/ai', generateRoutes],
  ['/v1/audit', auditRoutes],
  ['/v1/monitoring', systemMetricRoutes],
  ['/v1/monitoring', historyRoutes],
  ['/v1/conversations', conversationRoutes],
];
