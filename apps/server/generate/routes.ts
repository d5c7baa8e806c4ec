import type { GenerateRequest as Wanted, GeneratedCode } from '@pxa/assistant/generate';
import { allowed, callerKnown } from '../auth/caller.ts';
import { readGuestId } from '../guests/ids.ts';
import { answerSaying } from '../http/envelope.ts';
import { notAcceptable } from '../http/problem.ts';
import type { App } from '../server.ts';
import { liveGuest } from './live.ts';
import { GenerateAnswer, GenerateRequest } from './schemas.ts';

/** Code for what is to be built: from words, or from a guest that is there. */
export async function generateRoutes(app: App): Promise<void> {
  const { service } = app;
  app.post(
    '/generate',
    {
      config: { scope: 'ai:generate', limit: 'ai', inMaintenance: 'goes on' },
      schema: {
        operationId: 'generateCode',
        summary: 'Write Terraform, Ansible or cloud-init from words, or from a guest that is there',
        tags: ['ai'],
        body: GenerateRequest,
        response: { 200: GenerateAnswer },
      },
    },
    async (request) => {
      const { generate } = await import('@pxa/assistant/generate');
      const today = new Date(service.now()).toISOString().slice(0, 10);
      const { body } = request;
      const target = { format: body.output_format, provider: body.context?.provider ?? 'bpg' } as const;
      const wanted = body.context?.export === undefined ? await fromWords(body) : await fromGuest(body.context.export);
      const generated_code: GeneratedCode = await generate({ ...wanted, ...target, today });
      return answerSaying(request, { generated_code }, { ai_model: 'builtin', tokens_used: 0 });

      async function fromGuest(text: string): Promise<Omit<Wanted, 'format' | 'provider' | 'today'>> {
        const { exported } = await import('@pxa/assistant/generate');
        const id = readGuestId(service, text);
        if (id !== undefined) allowed(callerKnown(request), id.kind === 'vm' ? 'vm:read' : 'container:read');
        const refused = { field: 'context.export', reason: 'not_found', provided_value: text };
        if (id === undefined) throw notAcceptable(`There is no guest ${text}.`, refused);
        const live = await liveGuest(id);
        if (live === undefined) throw notAcceptable(`There is no guest ${text}.`, refused);
        return { ...exported(live), assumptions: [], notUnderstood: body.prompt === undefined ? [] : [body.prompt] };
      }
    },
  );
}

/** What the words of a request ask for. @throws Problem 422 */
async function fromWords({
  prompt,
  context = {},
}: GenerateRequest): Promise<Omit<Wanted, 'format' | 'provider' | 'today'>> {
  const { specify } = await import('@pxa/assistant/generate');
  if (prompt === undefined) {
    throw notAcceptable('Say in words what is to be built, or name a guest in context.export.', {
      field: 'prompt',
      reason: 'required',
    });
  }
  const { environment, compliance_requirements: compliance } = context;
  try {
    return specify(prompt, {
      ...(environment === undefined ? {} : { environment }),
      ...(compliance === undefined ? {} : { compliance }),
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw notAcceptable(error.message, { field: 'prompt', reason: 'not_possible' });
  }
}
