import { expect, test } from 'vitest';
import { checkImports } from './check-imports.ts';
import { importsOf } from './source-imports.ts';

/** A file at `path` that holds `source`: what is said of it, or nothing where it keeps the table. */
const cases: [path: string, source: string, says?: string][] = [
  ['packages/pve/reader.ts', `import { x } from './transport.ts';`],
  ['packages/pve/facts/index.ts', `export * from '../size.ts';`],
  ['packages/pve/reader.ts', `import { Call } from '@pxa/contract';`, 'only its types'],
  ['packages/pve/reader.ts', `import type { Call } from '@pxa/contract';`],
  ['packages/pve/reader.ts', `import { type Call } from '@pxa/contract';`],
  ['packages/pve/reader.ts', `import { x } from '../sandbox/server.ts';`, 'leaves packages/pve'],
  ['packages/pve/reader.ts', `import { x } from '@pxa/pve/facts';`, 'imports itself'],
  ['packages/contract/answer.ts', `import { x } from '@pxa/pve';`, 'may not import @pxa/pve'],
  ['packages/ask/run.ts', `import type { Reader } from '@pxa/pve/reader';`],
  ['packages/ask/run.ts', `import { write } from '@pxa/pve/writer';`, '@pxa/pve/writer is for packages/act'],
  ['packages/ask/run.ts', `const w = await import('@pxa/pve/writer');`, '@pxa/pve/writer is for packages/act'],
  ['packages/ask/run.ts', `const w = await import(name);`, 'a computed import'],
  ['packages/ask/run.ts', `const w = await import(\`./\${name}.ts\`);`, 'a computed import'],
  ['tools/x.ts', `const w = await import(name);`],
  ['packages/ask/run.ts', `type W = import('@pxa/pve/writer').Writer;`, '@pxa/pve/writer is for packages/act'],
  ['packages/ask/run.ts', `export { write } from '@pxa/pve/writer';`, '@pxa/pve/writer is for packages/act'],
  ['packages/act/run.ts', `import { mintPermits } from '@pxa/pve/gate';`],
  ['packages/assistant/index.ts', `import { mintPermits } from '@pxa/pve/gate';`, '@pxa/pve/gate is for packages/act'],
  ['e2e/gate.test.ts', `import { mintPermits } from '@pxa/pve/gate';`, '@pxa/pve/gate is for packages/act'],
  ['packages/sandbox/server.ts', `import { x } from '@pxa/catalog';`, 'may not import @pxa/catalog'],
  ['packages/sandbox/server.ts', `import https from 'node:https';`],
  ['packages/ask/run.ts', `import https from 'node:https';`, 'may not import node:https'],
  ['packages/ask/run.ts', `import https from 'https';`, 'may not import https'],
  ['apps/cli/main.ts', `import { request } from 'undici';`, 'only packages/pve'],
  ['packages/ask/run.test.ts', `import { startSandbox } from '@pxa/sandbox';`],
  ['packages/ask/run.ts', `import { startSandbox } from '@pxa/sandbox';`, 'may not import @pxa/sandbox'],
  ['packages/act/run.ts', `import { followTask } from '@pxa/pve/task';`],
  ['packages/catalog/x.ts', `import { connect } from '@pxa/pve';`, 'only its types'],
  ['packages/catalog/x.ts', `import { countOf } from '@pxa/pve/values';`],
  ['packages/advise/x.ts', `import { dataset } from '@pxa/catalog/kit';`],
  ['packages/advise/x.ts', `import type { Reader } from '@pxa/pve/reader';`, 'may not import @pxa/pve/reader'],
  ['packages/language/x.ts', `import { Run } from '@pxa/ask';`, 'may not import @pxa/ask'],
  ['apps/cli/backend.ts', `import { startSandbox } from '@pxa/assistant/lab';`],
  ['apps/cli/backend.ts', `const s = await import('@pxa/sandbox');`, 'may not import @pxa/sandbox'],
  ['apps/cli/backend.ts', `import { connect } from '@pxa/pve';`, 'may not import @pxa/pve'],
  ['packages/catalog/check.ts', `import { startSandbox } from '@pxa/sandbox';`],
  ['packages/catalog/x.ts', `import { check } from './check.ts';`, 'for tests alone'],
  ['packages/catalog/x.test.ts', `import { check } from './check.ts';`],
  ['packages/ask/run.test.ts', `import { write } from '@pxa/pve/writer';`, '@pxa/pve/writer is for packages/act'],
  ['bench/run.ts', `import { startSandbox } from '@pxa/sandbox';`],
  ['bench/run.ts', `import { x } from '../packages/sandbox/server.ts';`],
  ['e2e/x/run.ts', `import { mintPermits } from '../../packages/pve/gate.ts';`, '@pxa/pve/gate is for packages/act'],
  ['packages/ask/x.ts', `import { mintPermits } from '../pve/gate.ts';`, '@pxa/pve/gate is for packages/act'],
  ['packages/pve/index.test.ts', `import { mintPermits } from './gate.ts';`],
  ['packages/pve/testing/lab.ts', `import { startSandbox } from '@pxa/sandbox';`],
  ['packages/ask/run.ts', `// import { w } from '@pxa/pve/writer'\nconst text = "import '@pxa/pve/writer'";`],
];

test.each(cases)('%s: %s', (path, source, says) => {
  const found = checkImports(path, source);
  if (says === undefined) expect(found).toEqual([]);
  else expect(found.map((one) => one.says)).toEqual([expect.stringContaining(says)]);
});

test('a line is told for what stands further down', () => {
  expect(checkImports('packages/ask/a.ts', `\n\nimport '@pxa/sandbox';`)[0]?.line).toBe(3);
});

test('a source that does not parse is an error, not a source without imports', () => {
  expect(() => importsOf('import {', 'broken.ts')).toThrow('broken.ts does not parse');
});
