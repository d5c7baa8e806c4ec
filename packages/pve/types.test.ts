import { expect, test } from 'vitest';
import type { Reader } from './index.ts';
import type { Permit } from './gate.ts';
import type { Writer } from './writer.ts';

/** The type check is the test: what must not compile stands behind `@ts-expect-error`. None of this is run. */
export function neverRun(reader: Reader, writer: Writer, permit: Permit): unknown[] {
  const vm = { node: 'pve1', vmid: 100 };
  return [
    reader.get('/nodes/{node}/qemu/{vmid}/config', vm),
    reader.get('/nodes/{node}/qemu/{vmid}/config', { ...vm, current: true }),
    // @ts-expect-error no such route
    reader.get('/nodes/{node}/qemu/{vmid}/configuration', vm),
    // @ts-expect-error a route that cannot be read
    reader.get('/nodes/{node}/qemu/{vmid}/status/start', vm),
    // @ts-expect-error a path parameter is missing
    reader.get('/nodes/{node}/qemu/{vmid}/config', { node: 'pve1' }),
    // @ts-expect-error no such parameter
    reader.get('/nodes/{node}/qemu/{vmid}/config', { node: 'pve1', vmid: 100, verbose: 1 }),
    // @ts-expect-error not one of the values
    reader.get('/nodes/{node}/rrddata', { node: 'pve1', timeframe: 'eon' }),
    // @ts-expect-error a reader cannot write
    reader.write(permit, 'POST', '/nodes/{node}/qemu/{vmid}/status/start', vm),
    writer.write(permit, 'POST', '/nodes/{node}/qemu/{vmid}/status/start', vm),
    // @ts-expect-error a permit is not an object of some shape
    writer.write({}, 'POST', '/nodes/{node}/qemu/{vmid}/status/start', vm),
    // @ts-expect-error a write is not a read
    writer.write(permit, 'GET', '/nodes/{node}/qemu/{vmid}/config', vm),
    // @ts-expect-error not a method of this route
    writer.write(permit, 'PUT', '/nodes/{node}/qemu/{vmid}/status/start', vm),
    // @ts-expect-error no such parameter
    writer.write(permit, 'POST', '/nodes/{node}/qemu/{vmid}/status/start', { node: 'pve1', vmid: 100, force: 1 }),
  ];
}

test('calls that Proxmox VE does not have do not compile', () => {
  expect(neverRun).toBeTypeOf('function');
});
