import { z } from 'zod';

const Component = z.enum(['healthy', 'degraded', 'unavailable', 'not_configured']);

export const HealthData = z.object({
  status: Component,
  version: z.string(),
  uptime_seconds: z.int(),
  components: z.object({ database: Component, proxmox: Component, ai_service: Component }),
});

export const InfoData = z.object({
  name: z.literal('pxa'),
  version: z.string(),
  api_versions: z.array(z.string()),
  environment: z.enum(['live', 'sandbox']),
  banner: z.string().nullable(),
  /** When the sandbox begins anew; null where it is none. */
  next_reset: z.string().nullable(),
  maintenance: z.object({ enabled: z.boolean(), message: z.string() }),
  authentication: z.array(z.enum(['token', 'oauth', 'basic'])),
  documents: z.object({ openapi: z.string(), reference: z.string(), postman: z.string() }),
});

export const Alive = z.object({ status: z.literal('alive') });
export const Ready = z.object({ status: z.literal('ready') });
