export { bootstrapToken } from './auth/mint.ts';
export type { ServerOptions } from './operations/options.ts';
export { type App, createServer } from './server.ts';
export type { Service } from './service.ts';
export { type ServiceSettings, serviceSettings } from './settings.ts';
