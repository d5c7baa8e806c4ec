import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { App } from '../server.ts';

/** Collects the document from the schemas that requests and answers are held against; before any route is registered. */
export async function describeRoutes(app: App): Promise<void> {
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
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'pxa_…' } } },
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      const scope = route.route.config?.scope;
      return { schema: { ...schema, ...(scope === undefined ? {} : { security: [{ token: [scope] }] }) }, url };
    },
  });
  app.get('/v1/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
