import { urlDecoded } from '@pxa/pve/percent';
import { asObject, asText } from '@pxa/pve/values';
import { type Cell, type ColumnDef, count, extracted, flag, given, text, unknownCell } from '../kit/index.ts';
import { isContainer, isOn, numbered, options, vmText } from './config.ts';

type Config = Readonly<Record<string, unknown>>;

/** Further settings of a guest's configuration: what containers may do, how a VM's hardware is made up, when it starts. */
export const optionColumns: Record<string, ColumnDef> = {
  nesting: feature('NESTING', 'nesting', 'nesting|nesting feature|nested container|nested virtualisation'),
  keyctl: feature('KEYCTL', 'keyctl', 'keyctl|keyctl feature'),
  fuse: feature('FUSE', 'fuse', 'fuse|fuse feature|fuse mount'),
  mounts: extracted(
    'MAY MOUNT',
    'list',
    'text',
    'config',
    (data) => ({ value: (options(data['features'])['mount'] ?? '').split(';').filter(Boolean), keys: ['features'] }),
    { words: 'mount feature|allowed mount|mountable file system|may mount' },
  ),
  numa: flag('NUMA', 'numa', { from: 'config', absent: false, words: 'numa' }),
  startup_order: extracted('STARTUP ORDER', 'number', 'count', 'config', (data) => startup(data, 'order'), {
    words: 'startup order|start order|startup sequence|boot sequence|start sequence|startup|start up order',
  }),
  startup_delay: extracted('STARTUP DELAY', 'number', 'seconds', 'config', (data) => startup(data, 'up'), {
    words: 'startup delay|start delay|boot delay',
  }),
  // Proxmox leaves out 0, which is no limit.
  cpulimit: count('CPU LIMIT', 'cpulimit', { from: 'config', absent: 0, words: 'cpu limit|cpulimit|processor limit' }),
  cpuunits: count('CPU UNITS', 'cpuunits', {
    from: 'config',
    absent: 100,
    words: 'cpu unit|cpuunits|cpu weight|cpu priority',
  }),
  hotplug: vmText('HOTPLUG', (data) => hotplugOf(asText(data['hotplug'])), ['hotplug'], {
    words: 'hotplug|hot plug|hotplugging|hot plugging',
  }),
  ballooning: extracted(
    'BALLOONING',
    'flag',
    'yes_no',
    'config',
    (data) => {
      const isOff = data['balloon'] !== undefined && Number(data['balloon']) === 0;
      return { value: !isContainer(data) && !isOff, keys: ['balloon'] };
    },
    { words: 'ballooning|memory ballooning|balloon device|balloon driver' },
  ),
  secure_boot: extracted(
    'SECURE BOOT',
    'flag',
    'yes_no',
    'config',
    (data) => {
      const keys = Object.keys(data).filter((key) => key === 'efidisk0');
      return { value: isOn(options(data['efidisk0'])['pre-enrolled-keys']), keys };
    },
    // With a verb: of nobody in particular, secure boot is the nodes'.
    {
      yes: '(with|using|use|uses|have|has|having) secure boot (enabled|on|active)?|secure boot (vm|vms)',
      no: '(without|with no|not using|have no|has no|having no) secure boot|(with|have|has) secure boot (disabled|off)',
    },
  ),
  tpm: extracted(
    'TPM',
    'flag',
    'yes_no',
    'config',
    (data) => ({ value: data['tpmstate0'] !== undefined, keys: data['tpmstate0'] === undefined ? [] : ['tpmstate0'] }),
    {
      yes: '(with|using|use|uses|have|has|having) (a|an|the)? (virtual)? tpm',
      no: '(without|with no|not using|have no|has no|having no) (a|an|the)? (virtual)? tpm',
    },
  ),
  cloud_password: extracted(
    'CLOUD-INIT PASSWORD',
    'flag',
    'yes_no',
    'config',
    (data) => ({ value: data['cipassword'] !== undefined, keys: ['cipassword'] }),
    {
      yes: '(with|having|have|has) (a)? cloud init password',
      no: '(without|with no|having no|have no|has no) (a)? cloud init password',
    },
  ),
  nics_unfiltered: extracted('NICS WITHOUT FIREWALL', 'list', 'text', 'config', (data) => {
    const nics = numbered(data, 'net').filter(({ value }) => !isOn(options(value)['firewall']));
    return { value: nics.map(({ key }) => key), keys: nics.map(({ key }) => key) };
  }),
  scsihw: vmText('SCSI CONTROLLER', (data) => asText(data['scsihw']) ?? 'lsi', ['scsihw'], {
    words: 'scsi controller|scsi hardware|scsihw|disk controller|scsi controller type',
  }),
  display: vmText('DISPLAY', (data) => options(data['vga'], 'type')['type'] ?? 'std', ['vga'], {
    words: 'display|vga|display type|virtual display',
  }),
  serial: extracted(
    'SERIAL CONSOLE',
    'flag',
    'yes_no',
    'config',
    (data) => {
      const keys = numbered(data, 'serial').map(({ key }) => key);
      return { value: keys.length > 0, keys };
    },
    { words: 'serial console|serial port|serial device|serial terminal' },
  ),
  usb: extracted(
    'USB',
    'list',
    'text',
    'config',
    (data) => {
      const devices = numbered(data, 'usb');
      const named = devices.map(({ value }) => options(value, 'host')['host'] ?? options(value)['mapping'] ?? value);
      return { value: named, keys: devices.map(({ key }) => key) };
    },
    { words: 'usb|usb passthrough' },
  ),
  nameserver: text('DNS SERVER', 'nameserver', {
    from: 'config',
    absent: '',
    words: 'dns|dns server|nameserver|name server|resolver',
  }),
  searchdomain: text('SEARCH DOMAIN', 'searchdomain', {
    from: 'config',
    absent: '',
    words: 'search domain|dns domain|searchdomain',
  }),
  ipconfig: extracted(
    'IP CONFIGURATION',
    'list',
    'text',
    'config',
    (data) => {
      const set = numbered(data, 'ipconfig');
      return { value: set.map(({ key, value }) => `${key}: ${value}`), keys: set.map(({ key }) => key) };
    },
    { words: 'ip configuration|ip config|ipconfig|cloud init network|cloud init address|cloud init ip' },
  ),
  sshkeys: extracted(
    'SSH KEYS',
    'number',
    'count',
    'config',
    ({ sshkeys }) => {
      // Proxmox keeps them URL-encoded, one a line; who they belong to is told, the keys are not repeated.
      const keys = typeof sshkeys === 'string' ? urlDecoded(sshkeys).split('\n').filter(Boolean) : [];
      return { value: keys.length, keys: ['sshkeys'] };
    },
    { words: 'ssh key|public key|cloud init ssh key|authorized key' },
  ),
  distribution: extracted('DISTRIBUTION', 'text', 'text', 'config', distributionOf, {
    words: 'distribution|distro|linux distribution',
    values: {
      debian: based('debian'),
      ubuntu: based('ubuntu'),
      alpine: based('alpine'),
      centos: based('centos'),
      fedora: based('fedora'),
      archlinux: based('archlinux|arch linux'),
      opensuse: based('opensuse|suse'),
      gentoo: based('gentoo'),
      nixos: based('nixos'),
      devuan: based('devuan'),
    },
  }),
  system: extracted('SYSTEM', 'text', 'text', 'system', systemName, {
    words: 'installed system|running system|operating system version|os version',
  }),
  booted: given('STARTED', 'booted', 'number', 'time', {
    words: 'last started|last booted|last boot|last start|last restart|last reboot|boot time|start time',
  }),
};

/** `debian-12`, `ubuntu-22.04`, `windows-2022`: the agent's id of the system with its version. */
function systemName({ result }: Config): { value: string; keys: string[] } | Cell {
  const told = asObject(result);
  const [id, version] = [asText(told?.['id']), asText(told?.['version-id'])];
  if (id === null || id === '') return unknownCell('its agent does not name the system');
  const name = id === 'mswindows' ? 'windows' : id;
  return { value: version === null || version === '' ? name : `${name}-${version}`, keys: ['result'] };
}

/** What a container may do beyond the usual; a VM has no such features. */
function feature(label: string, key: string, words: string): ColumnDef {
  return extracted(
    label,
    'flag',
    'yes_no',
    'config',
    (data) => ({ value: isOn(options(data['features'])[key]), keys: ['features'] }),
    { words },
  );
}

/** A part of `order=1,up=30`; a first part without a key is the order (PVE::JSONSchema, pve-startup-order). */
function startup(data: Config, key: 'order' | 'up'): { value: number; keys: string[] } | Cell {
  const set = options(data['startup'], 'order')[key];
  return set === undefined || set === 'any' ? unknownCell('it is not set') : { value: Number(set), keys: ['startup'] };
}

/** What can be changed while a VM runs; empty where that is switched off (PVE::QemuServer, parse_hotplug_features). */
function hotplugOf(set: string | null): string {
  return set === '0' ? '' : set === null || set === '1' ? 'network,disk,usb' : set;
}

/** What a guest runs, as its OS type tells: containers name their distribution, VMs only that it is a Linux. */
function distributionOf(data: Config): { value: string; keys: string[] } | Cell {
  const type = asText(data['ostype']) ?? 'other';
  if (/^l2[46]$/.test(type)) return unknownCell('Proxmox only knows that this VM runs a Linux, not which');
  if (/^(other|unmanaged)$/.test(type)) return unknownCell('its OS type does not tell');
  return { value: isContainer(data) || type === 'solaris' ? type : 'windows', keys: ['ostype'] };
}

/** The wordings by which people say that a guest runs a distribution. */
function based(names: string): string {
  return `(based on|running|run|runs|using|with)? (${names})`;
}
