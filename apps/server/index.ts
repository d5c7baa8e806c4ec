export { bootstrapToken } from './auth/mint.ts';
export type { ServerOptions } from './operations/options.ts';
export { storedMemory } from './conversations/memory.ts';
export { type App, createServer } from './server.ts';
export type { Service } from './service.ts';
export { type ServiceSettings, serviceSettings } from './settings.ts';
export { systemHome } from './storage/uploads/leftovers.ts';
export { Spool } from './storage/uploads/spool.ts';
