import { expect, test } from 'vitest';
import type { ParamsOf, ReturnOf } from './index.ts';

/** What must not compile stands behind `@ts-expect-error`; the type check is the test. */
test('wrong parameters do not compile', () => {
  const list = { node: 'pve1' } satisfies ParamsOf<'GET', '/nodes/{node}/qemu'>;
  const config: ParamsOf<'PUT', '/nodes/{node}/qemu/{vmid}/config'> = {
    node: 'pve1',
    vmid: 100,
    net0: 'virtio',
    onboot: 1,
  };
  // @ts-expect-error a path parameter is missing
  const missing: ParamsOf<'GET', '/nodes/{node}/qemu'> = {};
  // @ts-expect-error there is no such parameter
  const unknown: ParamsOf<'GET', '/nodes/{node}/qemu'> = { node: 'pve1', nodes: 'pve2' };
  // @ts-expect-error a route without parameters takes none
  const none: ParamsOf<'GET', '/version'> = { node: 'pve1' };
  // @ts-expect-error a value outside the enumeration
  const bios: ParamsOf<'PUT', '/nodes/{node}/qemu/{vmid}/config'> = { node: 'pve1', vmid: 100, bios: 'uefi' };
  // @ts-expect-error a method that the path does not have
  type NoMethod = ParamsOf<'DELETE', '/version'>;
  // @ts-expect-error netx is not net0, net1, …
  const net: ParamsOf<'PUT', '/nodes/{node}/qemu/{vmid}/config'> = { node: 'pve1', vmid: 100, netx: 'virtio' };
  const rule: ParamsOf<'POST', '/cluster/ha/rules'> = {
    type: 'node-affinity',
    rule: 'ab',
    nodes: 'a',
    resources: 'vm:100',
  };
  const row: ReturnOf<'GET', '/nodes/{node}/qemu'>[number] = { vmid: '100', status: 'running', maxmem: 1 };
  expect([list, config, missing, unknown, none, bios, net, rule, row, null as NoMethod | null]).toHaveLength(10);
});
