import type { Job } from '@pxa/contract';
import { changesOf } from '../changes/kept.ts';
import type { Lab } from './lab.ts';

/** Somebody's own call of Proxmox's API, past every route of the service: `POST /storage`. Gives the job as it ended. */
export async function outside(lab: Lab, line: string, params: Readonly<Record<string, unknown>> = {}): Promise<Job> {
  const [method = '', path = ''] = line.split(' ');
  const [cluster] = lab.service.clusters.values();
  if (cluster === undefined) throw new Error('the lab has a cluster');
  const by = { name: 'bert', door: 'command_line' } as const;
  const input = { method, path, params: JSON.stringify(params) };
  const answer = await cluster.order({ action: 'api.write', targets: [''], input, says: line }, { by });
  if (answer.kind !== 'plan') throw new Error(`${line} was not planned: ${answer.text}`);
  const changes = changesOf(cluster);
  const approved = await changes.approve(answer.plan.id, by, answer.plan.confirm);
  if (!approved.ok || approved.job === undefined) throw new Error(`${line} was not approved`);
  lab.app.runner.begin(cluster, approved.job.id);
  return lab.ended(approved.job.id);
}
