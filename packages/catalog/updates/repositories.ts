import { asFlag, asList, asObject, asText } from '@pxa/pve/values';
import {
  askedNodes,
  type Cell,
  dataset,
  draft,
  type Draft,
  extracted,
  flag,
  given,
  is,
  list,
  pointer,
  type Reading,
  type RowsReader,
  text,
} from '../kit/index.ts';

/** The repositories in a node's APT sources, one call a node. */
const rows: RowsReader = async (reading) => {
  const lists = await reading.each(await askedNodes(reading, 'package repositories'), ({ node }) =>
    ofNode(reading, node),
  );
  return lists.flat();
};

async function ofNode(reading: Reading, node: string): Promise<Draft[]> {
  const got = await reading.read('/nodes/{node}/apt/repositories', { node });
  if (!got.ok) {
    reading.lacks(`package repositories of ${node}`, got.why, got.nextStep, `node/${node}`);
    return [];
  }
  const data = asObject(got.data) ?? {};
  for (const { path, error } of recordsOf(data['errors'])) {
    const file = `package repositories in ${asText(path) ?? 'a file'} of ${node}`;
    reading.lacks(file, asText(error) ?? 'Proxmox cannot read it', undefined, `node/${node}`);
  }
  return recordsOf(data['files']).flatMap((file, fileIndex) =>
    recordsOf(file['repositories']).map((repository, index): Draft => {
      const at = pointer(got.at, 'files', fileIndex, 'repositories', index);
      const path = asText(file['path']) ?? '';
      return draft(
        `repository/${node}/${path}#${index}`,
        { data: repository, at },
        {
          node: { value: node, at: got.at },
          file: { value: path, at: pointer(got.at, 'files', fileIndex, 'path') },
          warnings: warningsOf(data['infos'], `${got.at}/infos`, path, index),
        },
      );
    }),
  );
}

/** What Proxmox itself says of a repository: suites that are old, unstable, or not named by their release. */
function warningsOf(infos: unknown, at: string, path: string, index: number): Cell {
  const found = recordsOf(infos)
    .map((info, place) => ({ info, place }))
    .filter(({ info }) => info['kind'] === 'warning' && info['path'] === path && Number(info['index']) === index);
  return {
    value: found.map(({ info }) => asText(info['message']) ?? ''),
    at: found.length > 0 ? found.map(({ place }) => `${at}/${place}`).join(', ') : at,
  };
}

function recordsOf(value: unknown): Record<string, unknown>[] {
  return (Array.isArray(value) ? value : []).map(asObject).filter((each) => each !== null);
}

/** Options by which APT takes packages that nobody signed (sources.list(5)). */
const UNSIGNED = ['trusted', 'allow-insecure', 'allow-weak'];

/** Where nodes get their packages from. */
export const repositories = dataset({
  id: 'repositories',
  title: 'Package repositories',
  counted: 'count',
  nouns: [
    {
      words: 'package repository|apt repository|apt source|package source|software repository|repository|update source',
      title: 'Package repositories',
    },
  ],
  rows,
  columns: {
    node: given('NODE', 'node', 'text', 'text', { words: 'node|host', names: 'node' }),
    file: given('FILE', 'file', 'text', 'text', { words: 'file|path|sources file' }),
    uris: list('URIS', 'URIs', { words: 'uri|url|server', absent: [] }),
    suites: list('SUITES', 'Suites', { words: 'suite|release', absent: [] }),
    components: list('COMPONENTS', 'Components', { words: 'component', absent: [] }),
    types: list('TYPES', 'Types', { words: 'type', absent: [] }),
    enabled: flag('ENABLED', 'Enabled', {
      absent: true,
      words: 'enabled',
      yes: 'enabled|active|switched on|in use',
      no: 'disabled|inactive|switched off|not in use',
    }),
    signed: extracted('SIGNED', 'flag', 'yes_no', 'base', (data) => signedOf(data), {
      words: 'signature|signed',
      yes: 'signed|with signatures|with a signature',
      no: 'unsigned|not signed|without a signature|without signatures|trusted without signature',
    }),
    warnings: given('WARNINGS', 'warnings', 'list', 'text', { words: 'warning' }),
    comment: text('COMMENT', 'Comment', { words: 'comment|note', absent: '' }),
  },
  identity: ['node', 'file', 'suites'],
  shown: ['node', 'file', 'enabled', 'uris', 'suites', 'components', 'signed', 'warnings'],
  scopes: { node: 'node' },
  phrases: [{ say: 'configured|set up', where: is('enabled', true) }],
  order: [
    { column: 'node', dir: 'asc' },
    { column: 'file', dir: 'asc' },
  ],
});

/** Whether APT checks signatures: it does, unless an option says that it need not. */
function signedOf(data: Readonly<Record<string, unknown>>): { value: boolean; keys: string[] } {
  const options = recordsOf(data['Options']);
  const isOff = ({ Key: key, Values: values }: Record<string, unknown>): boolean =>
    UNSIGNED.includes((asText(key) ?? '').toLowerCase()) && asList(values).some((value) => asFlag(value) === true);
  return { value: !options.some(isOff), keys: options.length > 0 ? ['Options'] : [] };
}
