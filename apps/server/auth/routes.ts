import { z } from 'zod';
import { answer, answerOf, Done, done } from '../http/envelope.ts';
import { notAcceptable, notFound } from '../http/problem.ts';
import type { App } from '../server.ts';
import { type Caller, callerKnown, personOf } from './caller.ts';
import { endToken, mintToken } from './mint.ts';
import { Minted, NewToken, Token, tokenShown } from './schemas.ts';
import { holds, type Scope } from './scopes.ts';

/** Keys to the service: made, listed without their secrets, and ended. */
export async function tokenRoutes(app: App): Promise<void> {
  const { service } = app;

  app.post(
    '',
    {
      config: { scope: 'token:write', limit: 'authentication' },
      schema: { body: NewToken, response: { 201: answerOf(Minted) } },
    },
    async (request, reply) => {
      const caller = callerKnown(request);
      const { expires_in: expiresIn, permissions: scopes, approval: wish, name, description } = request.body;
      notWider(caller, scopes);
      // Who needs a person's word cannot make a token that does not.
      const approval = caller.approval === 'required' ? 'required' : wish;
      const wanted = { name, description, scopes, approval, expiresIn };
      const { token, secret } = await mintToken(service, personOf(caller), wanted);
      const { id, expires_at, scopes: permissions } = token;
      const minted = { token_id: id, access_token: secret, token_type: 'bearer' as const, expires_at, permissions };
      return reply.code(201).send(answer(request, minted));
    },
  );

  app.get(
    '',
    {
      config: { scope: 'token:read', limit: 'read' },
      schema: { response: { 200: answerOf(z.object({ tokens: z.array(Token) })) } },
    },
    async (request) => answer(request, { tokens: (await service.kept.tokens()).map(tokenShown) }),
  );

  app.delete(
    '/:token_id',
    {
      // A key that is lost has to be ended whatever else goes on.
      config: { scope: 'token:write', limit: 'authentication', inMaintenance: 'goes on' },
      schema: { params: z.object({ token_id: z.string() }), response: { 200: Done } },
    },
    async (request) => {
      const { token_id: id } = request.params;
      if (!(await endToken(service, personOf(callerKnown(request)), id))) throw notFound('token', id);
      return done(request, 'Token revoked successfully');
    },
  );
}

/** @throws Problem 422 where a token would give what its maker does not hold */
function notWider(caller: Caller, scopes: readonly Scope[]): void {
  const wider = scopes.find((scope) => !holds(caller.scopes, scope));
  if (wider === undefined) return;
  const details = { field: 'permissions', reason: 'wider_than_own', provided_value: wider };
  throw notAcceptable(`A token cannot give what it does not hold itself: ${wider}.`, details);
}
