import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AttemptLost, StoreFailed } from '@pxa/assistant/store';
import { failed } from './envelope.ts';
import { methodsByPath } from './methods.ts';
import { Problem, type ProblemCode } from './problem.ts';
import { invalid } from './validation.ts';

/** Fastify's own refusals, before any route of ours was reached. */
const REFUSALS: Readonly<Record<string, readonly [status: number, code: ProblemCode, message: string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'UNSUPPORTED_MEDIA_TYPE', 'Send JSON, with content-type: application/json.'],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'PAYLOAD_TOO_LARGE', 'The body is larger than is accepted here.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'BAD_REQUEST', 'The body is empty, but its content-type says JSON.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'BAD_REQUEST', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'BAD_REQUEST', 'The body is not as long as its content-length says.'],
};

/** Every way in which a request ends without what it asked for becomes one shape of answer. */
export function answerErrors(app: FastifyInstance): void {
  const methodsOf = methodsByPath(app);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const methods = methodsOf(path);
    if (methods.length > 0) void reply.header('allow', methods.join(', '));
    const problem = methods.length > 0 ? otherMethod(request, path, methods) : noSuchPath(request, path);
    return reply.code(problem.status).send(failed(request, problem));
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error }, 'a request failed');
    // RFC 9110 section 15.5.2: a 401 says how to sign in.
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="pxa"');
    return reply.code(problem.status).send(failed(request, problem));
  });
}

const noSuchPath = ({ method }: FastifyRequest, path: string): Problem =>
  new Problem(404, 'RESOURCE_NOT_FOUND', `There is no ${method} ${path}.`, { field: 'path' });

function otherMethod({ method }: FastifyRequest, path: string, methods: readonly string[]): Problem {
  const message = `${path} is not there for ${method}, but for ${methods.join(', ')}.`;
  return new Problem(405, 'METHOD_NOT_ALLOWED', message, { field: 'method', allowed: methods });
}

/** A path that no route is looked for: before there are hooks, so that what they put on each answer is put on it here. */
export function answerBadPath(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  request.beganMs = request.server.service.now();
  const problem =
    error.code === 'FST_ERR_MAX_PARAM_LENGTH'
      ? new Problem(414, 'URI_TOO_LONG', 'A part of the path is longer than any id is.', { field: 'path' })
      : new Problem(400, 'BAD_REQUEST', 'The path is not well formed: its percent signs do not fit.', {
          field: 'path',
        });
  reply.headers({ 'x-request-id': request.id, 'api-version': 'v1', 'cache-control': 'no-store' });
  void reply
    .code(problem.status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(failed(request, problem)));
}

/** What exactly is wrong names the server and its state, which is for the log. */
const STORE_SILENT =
  'What the service keeps could not be read or written. Send it again later, under the same Idempotency-Key where it is to act once.';

/** What a client is told of something that went wrong. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as FastifyError; // its own fields are looked for
  const wrong = invalid(error);
  if (wrong !== undefined) return wrong;
  const refusal = REFUSALS[error.code];
  if (refusal !== undefined) return new Problem(...refusal);
  if (error instanceof SyntaxError && error.statusCode === 400) {
    // A key that would change what objects are is refused by the same reader.
    const message = 'The body is not JSON that can be taken: it is malformed, or has a key __proto__ or constructor.';
    return new Problem(400, 'BAD_REQUEST', message);
  }
  if (error instanceof StoreFailed) return new Problem(503, 'STORE_UNAVAILABLE', STORE_SILENT, { reason: error.fate });
  if (error instanceof AttemptLost)
    return new Problem(409, 'RESOURCE_CONFLICT', error.message, { reason: 'under_way' });
  const status = error.statusCode ?? 500;
  // What serves the reference page forbids paths that lead out of it: there is nothing there.
  if (status === 403)
    return new Problem(404, 'RESOURCE_NOT_FOUND', 'There is nothing at this path.', { field: 'path' });
  if (status >= 400 && status < 500) return new Problem(status, 'BAD_REQUEST', error.message);
  // What went wrong inside is for the log: it may hold what a client is not to see.
  return new Problem(500, 'INTERNAL_ERROR', 'Something went wrong inside. The log has it under this request id.');
}
