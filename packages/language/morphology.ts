import { table } from './table.ts';

const irregular = table<string>({
  is: 'is',
  has: 'has',
  was: 'was',
  does: 'does',
  this: 'this',
  status: 'status',
  bios: 'bios',
  dns: 'dns',
  os: 'os',
  less: 'less',
  as: 'as',
  vs: 'vs',
  zfs: 'zfs',
  nfs: 'nfs',
  cifs: 'cifs',
  nas: 'nas',
  pbs: 'pbs',
  cts: 'ct',
  vms: 'vm',
  oses: 'os',
  discs: 'disk',
  disc: 'disk',
  statuses: 'status',
  addresses: 'address',
  indices: 'index',
  always: 'always',
  sas: 'sas',
  ips: 'ip',
  ids: 'id',
  virus: 'virus',
  bus: 'bus',
  gbps: 'gbps',
  news: 'news',
  yes: 'yes',
  us: 'us',
  tls: 'tls',
  its: 'its',
  gpus: 'gpu',
  cpus: 'cpu',
  vcpus: 'vcpu',
  menus: 'menu',
  https: 'https',
});

/** The singular of an English noun as far as this field's words need it (`batteries`, `addresses`, `VMs`, `boxes`). */
export function singular(word: string): string {
  const known = irregular[word];
  if (known !== undefined) return known;
  if (word.length < 3 || !word.endsWith('s') || word.endsWith('ss') || word.endsWith('us')) return word;
  if (/[^a-z]/.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(ss|x|ch|sh|zz)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

/** The comparative and superlative of an adjective: `busy` → busier, busiest; longer ones take more and most. */
export function degrees(adjective: string): { comparative: string[]; superlative: string[] } {
  const known: Readonly<Record<string, [string, string]>> = {
    little: ['less', 'least'],
    good: ['better', 'best'],
    bad: ['worse', 'worst'],
  };
  const own = known[adjective];
  if (own) return { comparative: [own[0]], superlative: [own[1]] };
  const words = adjective.split(' ');
  const first = words[0] ?? '';
  const rest = words
    .slice(1)
    .map((word) => ` ${word}`)
    .join('');
  const stem = stemOf(first);
  return {
    comparative: [`${stem}er${rest}`, `more ${adjective}`],
    superlative: [`${stem}est${rest}`, `most ${adjective}`],
  };
}

function stemOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}i`;
  if (word.endsWith('e')) return word.slice(0, -1);
  // A short word doubles its last letter: big, bigger; but not after two vowels (low, full end otherwise).
  if (/^[^aeiou]*[aeiou][bdgmnpt]$/.test(word)) return word + word.slice(-1);
  return word;
}

/** The forms of a regular verb, the first word of a wording: `expire` → expire, expires, expiring, expired. */
export function verbForms(wording: string): string[] {
  const [verb = '', ...rest] = wording.split(' ');
  const stem = verb.endsWith('e') ? verb.slice(0, -1) : stemOf(verb);
  return [verb, `${stem}ing`, `${stem}ed`].map((form) => [form, ...rest].join(' '));
}
