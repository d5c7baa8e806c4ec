import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let token: string;
beforeAll(async () => {
  lab = await Lab.start();
  token = await lab.token(['vm:write', 'container:write', 'storage:write', 'backup:write', 'network:write']);
  const node = lab.sandbox.state.nodes.get('pve-node03');
  if (node !== undefined) node.offlineSince = lab.sandbox.clock.now() / 1_000 - 600;
});
afterAll(() => lab.close());

const BACKUP = 'nfs-backup~backup~vzdump-lxc-203-2026_02_22-03_01_47.tar.zst';
const image = { url: 'https://93.184.215.14/x.iso' };

/** What names a node, by the field that does. */
const cases: [line: string, body: (node: string) => object, field: string][] = [
  ['POST /v1/vms', (node) => ({ name: 'v1', configuration: { node } }), 'configuration.node'],
  [
    'POST /v1/containers',
    (node) => ({ name: 'c1', template: 'alpine-3.22', configuration: { node } }),
    'configuration.node',
  ],
  ['POST /v1/vms/vm-104/clone', (node) => ({ name: 'x1', node }), 'node'],
  ['POST /v1/vms/vm-104/migrate', (node) => ({ node }), 'node'],
  ['POST /v1/containers/ct-203/migrate', (node) => ({ node }), 'node'],
  ['POST /v1/storage/local/download', (node) => ({ ...image, node }), 'node'],
  ['POST /v1/storage/local/download', (node) => ({ template: 'debian-13', node }), 'node'],
  [`POST /v1/backups/${BACKUP}/restore`, (node) => ({ node }), 'node'],
  ['PUT /v1/networks/vmbr0', (node) => ({ mtu: 1_400, nodes: [node] }), 'nodes'],
  ['POST /v1/networks', (node) => ({ name: 'x', type: 'bridge', nodes: [node] }), 'nodes'],
];

test.each(cases)('%s: a node that is off stands in the way', async (line, body) => {
  const got = await lab.send(line, token, body('pve-node03'));
  expect({ status: got.status, said: got.at('error.message') }).toEqual({
    status: 409,
    said: expect.stringMatching(/pve-node03/),
  });
});

test.each(cases)('%s: a node that is not is a fault of its field', async (line, body, field) => {
  const got = await lab.send(line, token, body('mars'));
  expect({ status: got.status, details: got.at('error.details') }).toMatchObject({
    status: 422,
    details: { field, reason: 'not_found' },
  });
});
