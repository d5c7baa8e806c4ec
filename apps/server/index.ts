export { bootstrapToken } from './auth/mint.ts';
export { type App, createServer } from './server.ts';
export type { Service } from './service.ts';
export { type ServiceSettings, serviceSettings } from './settings.ts';
