import swagger from '@fastify/swagger';
import page from '@fastify/swagger-ui';
import type { RouteOptions } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App } from '../server.ts';
import { AREAS } from './areas.ts';
import { sharedAnswers } from './answers.ts';
import { finished } from './finish.ts';
import { isObject } from './json.ts';
import { collectionOf } from './postman.ts';

/** What the reference page may load and run: what the service itself serves, over plain HTTP as well. */
const PAGE_POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Without the bar of whoever made the page: besides, it brings a style within the page, which the policy refuses. */
const PAGE_LAYOUT = 'BaseLayout';

/**
 * Collects the document from the schemas that requests and answers are held against, and serves it. Called before any
 * route is registered: each gets the answers that it shares with the others, so that these are held against a schema, too.
 */
export async function describeRoutes(app: App): Promise<void> {
  app.addHook('onRoute', (route) => {
    if (route.schema === undefined || route.schema.hide === true) return;
    const schema = { ...route.schema, ...strictQuery(route) };
    const own: unknown = schema.response;
    route.schema = { ...schema, response: { ...sharedAnswers({ ...route, schema }), ...(isObject(own) ? own : {}) } };
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'pxa',
        version: app.service.version,
        description: 'Ask a Proxmox VE cluster, and change it through approved plans.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      tags: [...AREAS],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'pxa_…' } } },
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      const scope = route.route.config?.scope;
      return {
        schema: { ...schema, security: scope === undefined ? [] : [{ token: scope === 'any' ? [] : [scope] }] },
        url,
      };
    },
    transformObject: (parts) => {
      const whole = jsonSchemaTransformObject(parts);
      // The plugin hands the document on as it is given; only its own description of the form is narrower.
      return finished({ ...whole }) as typeof whole;
    },
  });
  app.get('/v1/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/v1/postman/collection.json', { schema: { hide: true } }, ({ protocol, host }) =>
    collectionOf({ ...app.swagger() }, `${protocol}://${host}`),
  );
  await app.register(page, {
    routePrefix: '/docs',
    staticCSP: true,
    transformStaticCSP: () => PAGE_POLICY,
    uiConfig: {
      layout: PAGE_LAYOUT,
      deepLinking: true,
      docExpansion: 'none',
      persistAuthorization: false,
      validatorUrl: null,
    },
    theme: { title: 'pxa: API reference' },
  });
}

/**
 * A route that takes nothing in its query says so, too: what somebody sends there is not passed over in silence. What is
 * open to all is left: supervisors put into their probes what they like.
 */
function strictQuery({ schema, config }: RouteOptions): { querystring?: z.ZodType } {
  return schema?.querystring === undefined && config?.scope !== undefined ? { querystring: z.strictObject({}) } : {};
}
