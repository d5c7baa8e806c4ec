import { Options, type Settings } from './options.ts';

type Draft = Record<string, unknown>;

const MODELS = ['virtio', 'e1000', 'e1000e', 'rtl8139', 'vmxnet3'];

/** An interface of a VM, with the address that cloud-init gives it. */
export function vmNic(settings: Settings, key: string): Draft | undefined {
  const address = settings.text(key.replace('net', 'ipconfig'));
  return settings.options(key, 'model', (options) => {
    const named = MODELS.map((model) => [model, options.text(model)] as const).find(([, mac]) => mac !== undefined);
    return {
      ...common(options),
      model: named?.[0] ?? options.text('model') ?? 'virtio',
      mac: named?.[1] ?? options.text('macaddr') ?? null,
      ...addressesOf(new Options(address ?? '', 'ip')),
    };
  });
}

/** An interface of a container. */
export function containerNic(settings: Settings, key: string): Draft | undefined {
  return settings.options(key, 'name', (options) => {
    options.text('type');
    return {
      ...common(options),
      name: options.text('name') ?? null,
      mac: options.text('hwaddr') ?? null,
      ...addressesOf(options),
    };
  });
}

function common(options: Options): Draft {
  return {
    bridge: options.text('bridge'),
    vlan: options.number('tag'),
    firewall: options.flag('firewall', false),
    mtu: options.number('mtu'),
    rate: options.number('rate'),
  };
}

function addressesOf(options: Options): Draft {
  return {
    ipv4: plain(options.text('ip')),
    gateway: options.text('gw') ?? null,
    ipv6: plain(options.text('ip6')),
    gateway6: options.text('gw6') ?? null,
  };
}

/** Set by hand inside is not configured from outside. */
const plain = (text: string | undefined): string | null => (text === undefined || text === 'manual' ? null : text);
