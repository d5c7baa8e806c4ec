import { formatSize } from '@pxa/pve/size';
import { call, factAt, listedFact, type PieceStep, sizeText } from '../kit/index.ts';
import { ipConfig, sshKeysText } from '../guest-config/cloud-init.ts';
import { besideConfig, keysOf, type Made } from './beside.ts';
import type { Told } from './vm.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** Everything that a new VM is made of. */
export interface Parts {
  readonly storage: string;
  readonly bridge: string;
  readonly iso: string | undefined;
  /** A cloud image that its disk is made of. */
  readonly image: string | undefined;
  /** With its prefix, and its gateway; for a cloud image alone. */
  readonly address: { readonly ip: string; readonly gateway: string | undefined };
}

/** What is taken where nothing was said: small, and named in the plan. */
export const usual = { cores: 2, memory: 2 * GiB, disk: 32 * GiB };

type Set = Readonly<Record<string, string | number>>;

/** What cloud-init gives the guest, which a cloud image runs at its first start. */
function cloudInit({ storage, address }: Parts, told: Told): Set {
  const keys = keysOf(told);
  return {
    ide2: `${storage}:cloudinit`,
    boot: 'order=scsi0',
    // Cloud images write to a serial console, and some do not start without one.
    serial0: 'socket',
    ipconfig0: ipConfig(undefined, address.ip, address.gateway),
    ...(keys.length === 0 ? {} : { sshkeys: sshKeysText(keys) }),
  };
}

function diskSet({ storage, image }: Parts, { disk = usual.disk }: Told): string {
  if (image !== undefined) return `${storage}:0,import-from=${image}`;
  const gib = disk / GiB;
  return `${storage}:${Number.isInteger(gib) ? gib : gib.toFixed(3)}`;
}

function networkSet({ bridge }: Parts, { vlan, firewall }: Told): string {
  const tag = vlan === undefined ? [] : [`tag=${vlan}`];
  return ['virtio', `bridge=${bridge}`, ...(firewall === true ? ['firewall=1'] : []), ...tag].join(',');
}

/** The VM made; it goes again if something later fails. */
export function createStep(told: Told, made: Made, parts: Parts): PieceStep {
  const { vmid, node, title } = made;
  const { name = '', cores = usual.cores, memory = usual.memory, sockets, tags } = told;
  const { iso, image } = parts;
  const step = call(
    'POST',
    '/nodes/{node}/qemu',
    {
      node,
      vmid,
      name,
      cores,
      ...(sockets === undefined ? {} : { sockets }),
      memory: String(Math.round(memory / MiB)),
      cpu: 'x86-64-v2-AES',
      ostype: 'l26',
      scsihw: 'virtio-scsi-single',
      scsi0: diskSet(parts, told),
      net0: networkSet(parts, told),
      ...(iso === undefined ? {} : { ide2: `${iso},media=cdrom`, boot: 'order=scsi0;ide2' }),
      ...(image === undefined ? {} : cloudInit(parts, told)),
      ...besideConfig(told),
      ...(tags === undefined ? {} : { tags: tags.join(';') }),
    },
    `Create ${title} on ${node}`,
  );
  return {
    ...step,
    node,
    tasks: [{ type: 'qmcreate', id: String(vmid) }],
    limitSeconds: 3_600,
    relies: [listedFact(made, 'vmid', null)],
    expects: [listedFact(made, 'node', node), listedFact(made, 'name', name)],
    undo: [call('DELETE', '/nodes/{node}/qemu/{vmid}', { node, vmid, purge: true }, `Delete the half-made ${title}`)],
  };
}

/** The disk of a cloud image made as large as was said: it comes as large as its image is. */
export function growImage({ disk }: Told, { vmid, node, title }: Made, { image }: Parts): PieceStep[] {
  if (image === undefined || disk === undefined) return [];
  const size = formatSize(disk);
  const says = `Grow scsi0 of ${title} to ${sizeText(disk)}`;
  return [
    {
      ...call('PUT', '/nodes/{node}/qemu/{vmid}/resize', { node, vmid, disk: 'scsi0', size }, says),
      node,
      tasks: [{ type: 'resize', id: String(vmid) }],
      limitSeconds: 600,
      relies: [listedFact({ vmid, title }, 'node', node)],
      expects: [
        factAt(`scsi0 of ${title}`, `/nodes/${node}/qemu/${vmid}/config`, ['scsi0'], `size=${size}`, { how: 'parts' }),
      ],
    },
  ];
}
