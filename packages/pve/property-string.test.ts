import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as strings from './property-string.ts';

const text = fc.string({ unit: 'binary' });

describe('interfaces', () => {
  test('of a VM', () => {
    const nic = strings.parseNet('virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=20,firewall=1,rate=12.5,trunks=5;7-9');
    expect(nic).toMatchObject({ model: 'virtio', mac: 'BC:24:11:00:00:01', bridge: 'vmbr0', tag: 20, firewall: true });
    expect(nic).toMatchObject({ rateMbps: 12.5, trunks: ['5', '7-9'], linkDown: false, mtu: null });
  });

  test('of a container', () => {
    const nic = strings.parseContainerNet('name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:02,ip=10.0.0.2/24,gw=10.0.0.1');
    expect(nic).toMatchObject({ model: 'veth', name: 'eth0', mac: 'BC:24:11:00:00:02', ip: '10.0.0.2/24' });
  });

  test('that cannot be read', () => {
    expect([strings.parseNet('virtio,vlan=3'), strings.parseContainerNet('eth0')]).toEqual([undefined, undefined]);
  });
});

describe('drives', () => {
  const drives: [key: string, value: string, expected: Partial<strings.Disk> | undefined][] = [
    [
      'scsi0',
      'local-lvm:vm-100-disk-0,size=32G',
      { bus: 'scsi', sizeBytes: 32 * 1024 ** 3, media: 'disk', backup: true },
    ],
    ['scsi1', 'local-lvm:vm-100-disk-1,backup=0,size=1G', { backup: false }],
    ['ide2', 'local:iso/a.iso,media=cdrom', { media: 'cdrom', sizeBytes: null }],
    ['ide2', 'none,media=cdrom', { volume: 'none', media: 'cdrom' }],
    ['ide0', 'local-lvm:vm-100-cloudinit,media=cdrom', { cloudInit: true }],
    ['scsi31', 'local-lvm:vm-100-disk-0', undefined],
    ['scsi0', 'local-lvm:vm-100-disk-0,size=32X', undefined],
  ];
  test.each(drives)('%s: %s', (key, value, expected) => {
    const disk = strings.parseDisk(key, value);
    if (expected) expect(disk).toMatchObject(expected);
    else expect(disk).toBeUndefined();
  });

  test('print as they were read', () => {
    const value = 'local-lvm:vm-100-disk-0,discard=on,iothread=1,size=32G,ssd=1';
    const { value: drive } = strings.readDrive('scsi0', value);
    expect(drive && strings.printDrive(drive)).toBe(value);
  });
});

describe('mount points', () => {
  test('of a container', () => {
    const root = strings.parseMountPoint('rootfs', 'local-zfs:subvol-200-disk-0,size=8G');
    expect(root).toMatchObject({ path: '/', sizeBytes: 8 * 1024 ** 3, kind: 'volume', backup: true });
    const bind = strings.parseMountPoint('mp0', '/srv,mp=/data,ro=1');
    expect(bind).toMatchObject({ path: '/data', kind: 'bind', readOnly: true, backup: false, sizeBytes: null });
  });
});

test('smaller options', () => {
  expect(strings.parseStartup('order=2,up=30')).toEqual({ order: 2, upSeconds: 30, downSeconds: null });
  expect(strings.parseHotplug('1')).toEqual(['network', 'disk', 'usb']);
  expect([strings.agentEnabled('1'), strings.agentEnabled('enabled=0'), strings.agentEnabled(undefined)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(strings.parseBootOrder('order=scsi0;net0')).toEqual(['scsi0', 'net0']);
  expect(strings.memoryBytes('2048')).toBe(2 * 1024 ** 3);
});

describe('any text', () => {
  const parsers: Record<string, (value: string) => unknown> = {
    net: strings.parseNet,
    'container net': strings.parseContainerNet,
    ipconfig: strings.parseIpConfig,
    disk: (value) => strings.parseDisk('scsi0', value),
    'mount point': (value) => strings.parseMountPoint('mp0', value),
    startup: strings.parseStartup,
    hotplug: strings.parseHotplug,
    agent: strings.agentEnabled,
    boot: strings.parseBootOrder,
  };
  test.each(Object.entries(parsers))('%s reads it without throwing', (_, parse) => {
    fc.assert(fc.property(text, (value) => void parse(value)));
  });
});

describe('what was parsed', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}[a-z0-9]$/);
  const nic = fc.record(
    {
      model: fc.constantFrom('virtio', 'e1000', 'vmxnet3'),
      macaddr: fc.constantFrom('BC:24:11:00:00:01', '02:00:00:AB:CD:EF'),
      bridge: word,
      firewall: fc.constantFrom(0, 1),
      tag: fc.integer({ min: 1, max: 4094 }).map(String),
      rate: fc.integer({ min: 0, max: 1000 }).map(String),
    },
    { requiredKeys: ['model'] },
  );

  test('prints, and parses again to the same', () => {
    const format = strings.vmFormat('net0');
    fc.assert(
      fc.property(nic, (values) => {
        const printed = strings.printProperties(format, values);
        expect(strings.parseProperties(format, printed, 'net0')).toEqual(values);
      }),
    );
  });

  test('of any text that is accepted, too', () => {
    const format = strings.vmFormat('ide0');
    const parts = fc.array(fc.tuple(fc.constantFrom('file', 'volume', 'cache', 'ssd', 'serial'), word), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(word, parts, (name, options) => {
        const value = [`store:${name}`, ...options.map(([key, one]) => `${key}=${one}`)].join(',');
        const parsed = parsedOrNothing(format, value);
        if (!parsed) return;
        expect(parsedOrNothing(format, strings.printProperties(format, parsed))).toEqual(parsed);
      }),
    );
  });
});

function parsedOrNothing(format: strings.PropertyFormat, value: string): strings.Properties | undefined {
  try {
    return strings.parseProperties(format, value);
  } catch (error) {
    if (error instanceof strings.FormatError) return undefined;
    throw error;
  }
}
