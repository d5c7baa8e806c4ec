import { z } from 'zod';
import { answer, answerOf, Done, done } from '../http/envelope.ts';
import { listed, Pagination } from '../http/pages.ts';
import { notAcceptable, notFound } from '../http/problem.ts';
import type { App } from '../server.ts';
import { allowed, type Caller, callerKnown, personOf } from './caller.ts';
import { endToken, mintToken } from './mint.ts';
import { placeOfToken, TokenListQuery, tokensWanted } from './list.ts';
import { Minted, NewToken, Token } from './schemas.ts';
import { holds, Scope } from './scopes.ts';

const tags = ['tokens'];

/** Keys to the service: made, listed without their secrets, and ended. */
export async function tokenRoutes(app: App): Promise<void> {
  makeRoute(app);
  listRoute(app);
  endRoute(app);
}

function makeRoute(app: App): void {
  const { service } = app;
  app.post(
    '',
    {
      config: { scope: 'token:write', limit: 'authentication' },
      schema: {
        operationId: 'createToken',
        summary: 'Make a token; its secret is shown this once',
        tags,
        body: NewToken,
        response: { 201: answerOf(Minted) },
      },
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
}

function listRoute(app: App): void {
  const { service } = app;
  app.get(
    '',
    {
      config: { scope: 'token:read', limit: 'read' },
      schema: {
        operationId: 'listTokens',
        summary: 'List tokens, or find one by how its secret begins',
        tags,
        querystring: TokenListQuery,
        response: { 200: answerOf(z.object({ tokens: z.array(Token), pagination: Pagination })) },
      },
    },
    async (request) => {
      const { query } = request;
      const wanted = tokensWanted(await service.kept.tokens(), query, service.now());
      const { rows: tokens, pagination } = listed(wanted, query, (token) => placeOfToken(token, query.sort));
      return answer(request, { tokens, pagination });
    },
  );
}

function endRoute(app: App): void {
  const { service } = app;
  app.delete(
    '/:token_id',
    {
      // A key that is lost has to be ended whatever else goes on.
      config: { scope: 'token:write', limit: 'authentication', inMaintenance: 'goes on' },
      schema: {
        operationId: 'revokeToken',
        summary: 'End a token at once',
        tags,
        params: z.object({ token_id: z.string() }),
        response: { 200: Done },
      },
    },
    async (request) => {
      const { token_id: id } = request.params;
      const caller = callerKnown(request);
      const token = (await service.kept.tokens()).find((each) => each.id === id);
      if (token === undefined) throw notFound('token', id);
      // Who could not have made it does not end it: else a lesser token could lock everybody out.
      for (const scope of token.scopes) allowed(caller, Scope.parse(scope));
      await endToken(service, personOf(caller), id);
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
