import { callerKnown, personOf } from '../auth/caller.ts';
import { Done, done, Failed } from '../http/envelope.ts';
import { Problem } from '../http/problem.ts';
import type { App } from '../server.ts';

/** What only a sandbox service does. */
export async function sandboxRoutes(app: App): Promise<void> {
  app.post(
    '/reset',
    {
      config: { scope: 'admin', limit: 'authentication', inMaintenance: 'goes on' },
      schema: {
        operationId: 'resetSandbox',
        summary: 'Let the cluster of a sandbox service begin anew; tokens stay',
        tags: ['operations'],
        response: { 200: Done, 404: Failed },
      },
    },
    async (request) => {
      if (app.sandbox === undefined) {
        const why = 'This service is no sandbox: its clusters are real.';
        throw new Problem(404, 'RESOURCE_NOT_FOUND', why, { field: 'path', reason: 'no_sandbox' });
      }
      await app.sandbox.reset(personOf(callerKnown(request)));
      return done(request, 'The sandbox has begun anew');
    },
  );
}
