/**
 * Who may import whom, as data. A door is what a package exports (`@pxa/pve`, `@pxa/pve/reader`); `@pxa/pve/*` stands
 * for all doors of a package, without the one named after the package itself.
 */
export interface PackageRule {
  /** The doors of other packages that this one may use. */
  may: readonly string[];
  /** Doors of which only types may be used, so that nothing of them runs. */
  types?: readonly string[];
}

const everything = [
  '@pxa/contract',
  '@pxa/pve',
  '@pxa/pve/reader',
  '@pxa/pve/facts',
  '@pxa/pve/upid',
  '@pxa/pve/values',
  '@pxa/pve/percent',
  '@pxa/sandbox',
  '@pxa/sandbox/*',
  '@pxa/catalog',
  '@pxa/catalog/*',
  '@pxa/language',
  '@pxa/ask',
  '@pxa/advise',
  '@pxa/act',
  '@pxa/store',
  '@pxa/generate',
] as const;

/** What Proxmox's values look like: parsers and facts that neither hold a connection nor could open one. */
const proxmoxForms = [
  '@pxa/pve/facts',
  '@pxa/pve/property-string',
  '@pxa/pve/upid',
  '@pxa/pve/volid',
  '@pxa/pve/size',
  '@pxa/pve/tags',
  '@pxa/pve/values',
  '@pxa/pve/percent',
] as const;

/** By folder. A package that is not named here may import nothing of ours. */
export const packageRules: Record<string, PackageRule> = {
  'packages/contract': { may: [] },
  'packages/pve': { may: [], types: ['@pxa/contract'] },
  'packages/sandbox': { may: proxmoxForms },
  // It declares what is read, and never reads: of what holds a connection it sees types alone.
  'packages/catalog': { may: ['@pxa/contract', ...proxmoxForms], types: ['@pxa/pve', '@pxa/pve/reader'] },
  'packages/language': { may: ['@pxa/catalog', '@pxa/catalog/*', '@pxa/contract', '@pxa/contract/text'] },
  'packages/ask': { may: ['@pxa/catalog', '@pxa/catalog/*', '@pxa/contract', '@pxa/pve/reader', ...proxmoxForms] },
  // Its datasets are written in the catalogue's kit and asked like any other, so it needs no reader.
  'packages/advise': { may: ['@pxa/ask', '@pxa/catalog', '@pxa/catalog/*', '@pxa/contract'] },
  // It turns words and what was read into text: no connection, no catalogue.
  'packages/generate': { may: proxmoxForms },
  'packages/act': {
    may: [
      '@pxa/ask',
      '@pxa/catalog',
      '@pxa/catalog/*',
      '@pxa/contract',
      '@pxa/store',
      '@pxa/sandbox',
      '@pxa/pve/reader',
      '@pxa/pve/task',
      '@pxa/pve/writer',
      '@pxa/pve/gate',
      '@pxa/pve/twin',
      ...proxmoxForms,
    ],
  },
  'packages/store': { may: ['@pxa/contract'] },
  'packages/assistant': { may: everything },
  'apps/cli': { may: ['@pxa/assistant', '@pxa/assistant/*', '@pxa/contract', '@pxa/server'] },
  'apps/server': { may: ['@pxa/assistant', '@pxa/assistant/*', '@pxa/contract'] },
  'apps/mcp': { may: ['@pxa/contract'] },
  'apps/web': { may: ['@pxa/contract'] },
};

/** Folders outside the packages: they look at the product from outside, and so may use every door but the gate. */
export const outsideFolders = ['e2e', 'bench', 'tools'] as const;

/** Files that only tests import: like tests, they may enter every package, but not by a reserved door. */
export const testSupport: readonly string[] = ['packages/*/testing/**', 'packages/catalog/check.ts'];

/** Doors that only the named packages may use, whatever else allows it; their files, too, are out of reach for others. */
export const reservedDoors: Record<string, readonly string[]> = {
  '@pxa/pve/gate': ['packages/act'],
  '@pxa/pve/writer': ['packages/act'],
};

/** Modules that reach a network, a disk or another process, and the packages that may. Tests, tools and types are free. */
export const reservedModules: Record<string, readonly string[]> = {
  undici: ['packages/pve'],
  // the service sends webhooks to addresses that people give, each checked as it connects
  'node:https': ['packages/pve', 'packages/sandbox', 'apps/server'],
  'node:http': ['packages/sandbox', 'apps/server', 'apps/mcp'],
  'node:http2': [],
  'node:tls': ['packages/pve', 'packages/sandbox'],
  'node:net': ['packages/pve', 'packages/sandbox', 'apps/server'],
  'node:dgram': [],
  'node:dns': ['packages/pve', 'apps/server'],
  'node:dns/promises': ['packages/pve'],
  'node:child_process': ['apps/cli'],
  'node:sqlite': ['packages/store'],
  kysely: ['packages/store'],
  'kysely/migration': ['packages/store'],
  pg: ['packages/store'],
  'pg-boss': ['packages/store'],
};
