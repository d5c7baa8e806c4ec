import { asNumber, asText } from '@pxa/pve/values';
import {
  bytes,
  type ColumnDef,
  computed,
  count,
  extracted,
  flag,
  given,
  pointer,
  text,
  type Cell,
  type Draft,
  isUnknown,
  unknownCell,
} from '../kit/index.ts';

const usedWords = {
  ZFS: 'zfs|used by zfs|in a zfs pool',
  LVM: 'lvm|used by lvm',
  partitions: 'partitioned',
  mounted: 'mounted',
};

/** What one call a node lists (PVE::Diskmanage, get_disks). */
export const columns: Record<string, ColumnDef> = {
  node: given('NODE', 'node', 'text', 'text', { words: 'node|host', names: 'node' }),
  devpath: text('DEVICE', 'devpath', { words: 'device|path|device path|name' }),
  model: text('MODEL', 'model', { words: 'model|product|make' }),
  vendor: text('VENDOR', 'vendor', { words: 'vendor|manufacturer|brand' }),
  serial: text('SERIAL', 'serial', { words: 'serial|serial number' }),
  type: text('TYPE', 'type', {
    words: 'type|kind|disk type',
    values: { ssd: 'ssd', hdd: 'hdd', nvme: 'nvme', usb: 'usb' },
  }),
  size: bytes('SIZE', 'size', { words: 'size|capacity' }),
  used: text('USED FOR', 'used', { words: 'used for|used by|purpose', absent: '', values: usedWords }),
  health: text('HEALTH', 'health', {
    words: 'health|smart|smart status|smart state|smart health|status|state|condition',
    values: { PASSED: 'passed', UNKNOWN: 'unknown' },
  }),
  failing: computed(
    'FAILING',
    ['health'],
    { unit: 'yes_no', type: 'flag', formula: 'SMART health' },
    (health: string) => (/^unknown$/i.test(health) ? null : !/^(passed|ok)$/i.test(health)),
  ),
  life_left: extracted(
    'LIFE LEFT',
    'number',
    'fraction',
    'base',
    // Proxmox gives what is left, in percent, or "N/A" for what has no such figure (disks, USB sticks).
    ({ wearout }) => {
      const left = asNumber(wearout);
      return left === null ? unknownCell('the disk tells no wearout') : { value: left / 100, keys: ['wearout'] };
    },
    { words: 'life left|remaining life|life|lifetime|health percentage|endurance|remaining endurance' },
  ),
  worn: computed(
    'WORN',
    ['life_left'],
    { unit: 'fraction', formula: '1 − wearout', words: 'wearout|wear|wear level|wear out' },
    (left: number) => 1 - left,
  ),
  rpm: count('RPM', 'rpm', { words: 'rpm|rotation speed|speed' }),
  wwn: text('WWN', 'wwn', { words: 'wwn|world wide name' }),
  gpt: flag('GPT', 'gpt', { absent: false, yes: 'with gpt|gpt partitioned' }),
  osd: extracted('OSD', 'text', 'text', 'base', ({ osdid, 'osdid-list': list }) => {
    const ids = Array.isArray(list) ? list.map(String) : Number(osdid) >= 0 ? [String(osdid)] : [];
    return { value: ids.join(', '), keys: ['osdid'] };
  }),
  temperature: fromSmart(
    'TEMPERATURE',
    /^(Temperature|Temperature_Celsius|Airflow_Temperature_Cel)$/i,
    'temperature|temp',
  ),
  power_on_hours: fromSmart(
    'POWER-ON HOURS',
    /^(Power_On_Hours|Power On Hours)$/i,
    'power on hour|hours|running hour|age in hours',
  ),
  reallocated: fromSmart('REALLOCATED', /^Reallocated_Sector_Ct$/i, 'reallocated sector|reallocated'),
  pending: fromSmart('PENDING', /^Current_Pending_Sector$/i, 'pending sector'),
  uncorrectable: fromSmart(
    'UNCORRECTABLE',
    /^(Offline_Uncorrectable|Reported_Uncorrect|Media and Data Integrity Errors)$/i,
    'uncorrectable error|uncorrectable sector|media error',
  ),
  failed_attributes: {
    label: 'FAILED ATTRIBUTES',
    type: 'list',
    unit: 'text',
    from: ['smart'],
    uses: [],
    words: 'smart attribute|failed attribute|failed smart attribute|smart error',
    read: failedAttributes,
  },
};

/** A figure of the disk's SMART table, or of the text that NVMe and SAS disks give; one call a disk. */
function fromSmart(label: string, name: RegExp, words: string): ColumnDef {
  const read = (row: Draft): Cell => {
    const rec = row.recs['smart'];
    if (rec === undefined) return unknownCell('SMART was not read');
    if (isUnknown(rec)) return unknownCell(rec.unknown);
    const attributes = attributesOf(rec.data);
    const index = attributes.findIndex((each) => name.test(asText(each['name'])?.trim() ?? ''));
    if (index >= 0) {
      const raw = Number.parseInt(asText(attributes[index]?.['raw']) ?? '', 10);
      return Number.isFinite(raw)
        ? { value: raw, at: pointer(rec.at, 'attributes', index, 'raw') }
        : unknownCell('the attribute holds no number');
    }
    const line = fromText(asText(rec.data['text']) ?? '', name);
    return line === undefined ? unknownCell('the disk does not tell it') : { value: line, at: pointer(rec.at, 'text') };
  };
  return { label, type: 'number', unit: 'count', from: ['smart'], uses: [], read, words };
}

function attributesOf(data: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  // Each attribute of a SMART table is an object.
  return Array.isArray(data['attributes']) ? (data['attributes'] as Record<string, unknown>[]) : [];
}

/** `Power On Hours:                     12,345` */
function fromText(text: string, name: RegExp): number | undefined {
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at < 0 || !name.test(line.slice(0, at).trim())) continue;
    const number = Number.parseInt(
      line
        .slice(at + 1)
        .replaceAll(',', '')
        .trim(),
      10,
    );
    if (Number.isFinite(number)) return number;
  }
  return undefined;
}

/** Attributes that are failing now or have failed: `fail` is `-` where all is well. */
function failedAttributes(row: Draft): Cell {
  const rec = row.recs['smart'];
  if (rec === undefined) return unknownCell('SMART was not read');
  if (isUnknown(rec)) return unknownCell(rec.unknown);
  if (rec.data['attributes'] === undefined) return unknownCell('the disk gives its SMART data as text');
  const attributes = attributesOf(rec.data);
  const failed = attributes.filter((each) => !['-', '', '0'].includes(asText(each['fail']) ?? ''));
  return { value: failed.map((each) => asText(each['name']) ?? ''), at: pointer(rec.at, 'attributes') };
}
