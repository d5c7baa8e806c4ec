import type { FastifyInstance } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { allowed, type Caller } from './auth/caller.ts';
import type { Scope } from './auth/scopes.ts';
import { SignIn } from './auth/sign-in.ts';
import { followEvents } from './events/follow.ts';
import { answerErrors } from './http/errors.ts';
import { newApp } from './http/factory.ts';
import { protect } from './http/protect.ts';
import { refuseNul } from './http/texts.ts';
import { validateByZod } from './http/validation.ts';
import { type Category, Limits } from './limits/limits.ts';
import { refuseInMaintenance } from './maintenance/maintenance.ts';
import { heedKeys } from './idempotency/hook.ts';
import { describeRoutes } from './openapi/document.ts';
import { operate } from './operations/operate.ts';
import type { ServerOptions } from './operations/options.ts';
import { Leadership } from './replicas/leadership.ts';
import { ROUTES } from './routes.ts';
import type { Service } from './service.ts';
import { type Runner, runnerFor } from './changes/runner.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly service: Service;
    readonly runner: Runner;
    /** Work that one replica does for all. */
    readonly leadership: Leadership;
    /** Tells who makes a request, once more where it lasts. */
    readonly signIn: SignIn;
  }
  interface FastifyRequest {
    /** When it came in, milliseconds since 1970. */
    beganMs: number;
    /** Who makes it; undefined on routes that are open to all. */
    caller: Caller | undefined;
  }
  interface FastifyContextConfig {
    /** What a token must hold, or any token at all; without one, the route is open to all. */
    readonly scope?: Scope | 'any';
    /** What it is counted as; without one, it is not limited. */
    readonly limit?: Category;
    /** What changes nothing, or has to be possible always, though it is no GET: it is not refused in maintenance. */
    readonly inMaintenance?: 'goes on';
  }
}

export type App = FastifyInstance<
  import('node:http').Server,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  import('fastify').FastifyBaseLogger,
  ZodTypeProvider
>;

/** The service as an application that is not listening yet. @throws RangeError where a setting cannot be used */
export async function createServer(service: Service, options: ServerOptions = {}): Promise<App> {
  const app = newApp(service, options);
  app.setValidatorCompiler(validateByZod);
  app.setSerializerCompiler(serializerCompiler);
  app.decorate('service', service);
  const leadership = new Leadership(service, (error, name) =>
    app.log.error({ err: error, name }, 'leading work failed'),
  );
  app.decorate('leadership', leadership);
  app.addHook('onClose', () => leadership.close());
  const runner = runnerFor(service, leadership, (error, job) =>
    app.log.error({ err: error, job }, 'a job came to no end'),
  );
  app.decorate('runner', runner);
  app.addHook('onClose', () => runner.close());
  app.decorateRequest('beganMs', 0);
  app.decorateRequest('caller', undefined);
  await operate(app, service, options);
  await protect(app, service, options);
  answerErrors(app);
  refuseNul(app);
  const signIn = new SignIn(service, options);
  app.decorate('signIn', signIn);
  guard(app, service, signIn);
  heedKeys(app);
  await describeRoutes(app);
  for (const [prefix, routes] of ROUTES) await app.register(routes, { prefix });
  followEvents(app);
  await runner.start();
  return app;
}

/** Before anything of a request is read but its headers: who it is, whether they may, and how often they did. */
function guard(app: App, service: Service, signIn: SignIn): void {
  const limits = new Limits(service);
  app.addHook('onRequest', async (request, reply) => {
    request.beganMs = service.now();
    reply.headers({ 'x-request-id': request.id, 'api-version': 'v1' });
    const { scope, limit } = request.routeOptions.config;
    if (scope === undefined) return;
    const caller = await signIn.callerOf(request);
    request.caller = caller;
    if (scope !== 'any') allowed(caller, scope);
    await refuseInMaintenance(request, reply, service);
    if (limit !== undefined) await limits.count(limit, caller.id, reply);
  });
  app.addHook('onClose', () => signIn.close());
  app.addHook('onResponse', async (request, reply) => {
    const { limit } = request.routeOptions.config;
    const { caller } = request;
    const isRefused = [400, 403, 404, 409, 422].includes(reply.statusCode);
    if (limit !== undefined && caller !== undefined && isRefused) await limits.uncount(limit, caller.id);
  });
}
