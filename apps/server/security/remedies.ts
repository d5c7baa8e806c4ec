import { fixOf } from '@pxa/assistant/security';
import { scopesOf } from '../asking/scopes.ts';
import { allowed, callerKnown } from '../auth/caller.ts';
import { carry } from '../changes/carry.ts';
import { ChangeAnswer } from '../changes/reply.ts';
import { connectionNamed } from '../connections/connection.ts';
import { notFound, Problem } from '../http/problem.ts';
import type { App } from '../server.ts';
import { knownScan } from './known.ts';
import { FindingParams } from './schemas.ts';

/** What a finding is remedied by is a change like any other: the scopes that it needs in words are needed for it, too. */
export async function remedyRoutes(app: App): Promise<void> {
  const { service } = app;
  app.post(
    '/:scan_id/findings/:finding_id/remedy',
    {
      config: { scope: 'security:write', limit: 'vm' },
      schema: {
        operationId: 'remedyFinding',
        summary: 'Remedy a finding, where that can be planned; needs the scope of that change, too',
        tags: ['security'],
        params: FindingParams,
        response: { 200: ChangeAnswer, 202: ChangeAnswer },
      },
    },
    async (request, reply) => {
      const { scan_id: scanId, finding_id: id } = request.params;
      const scan = await knownScan(service, scanId);
      const finding = await service.kept.scanFinding(scan.id, id);
      if (finding === undefined) throw notFound('finding', id);
      const command = fixOf(finding);
      if (command === undefined) {
        const message = `This takes a person: ${finding.remedy}`;
        throw new Problem(409, 'RESOURCE_CONFLICT', message, { reason: 'cannot_be_planned' });
      }
      for (const scope of scopesOf(command)) allowed(callerKnown(request), scope);
      return carry(request, reply, connectionNamed(service, scan.connection).cluster, command);
    },
  );
}
