import { listed, NO_NAME, NUM, numberOf, type Recogniser } from './recogniser.ts';

const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30 };

/** What it is for, how it is looked after, and where it stands. */
export const PURPOSE: readonly Recogniser[] = [
  {
    say: '(?:named?|called|hostname|host name)(?: is|:| =| it)? (?:"(?<quoted>[^"]{1,100})"|(?<name>[a-z\\d][\\w.-]{0,100}))',
    means: (wish, said) => void (wish.name = said.part('quoted') || said.part('name').replace(/\.$/, '')),
  },
  {
    say: '(?:vm ?id|ct ?id|with (?:the )?id|id)[ :=#]+(?<id>\\d{3,9})',
    means: (wish, said) => void (wish.vmid = Number(said.part('id'))),
  },
  {
    say: '(?:(?:full )?clon(?:e|ed|ing)(?: of| from)?|from|based on|using) (?:the )?(?:vm |template |id )+(?<id>\\d{3,9})',
    means: (wish, said) => void (wish.template = Number(said.part('id'))),
  },
  {
    say: '(?:on|to) (?:the )?(?:proxmox )?(?:node|host) (?<node>[a-z\\d][\\w-]{0,62})|on (?<pve>pve[\\w-]{0,60})',
    means: (wish, said) => void (wish.node = said.exact('node') || said.exact('pve')),
  },
  {
    say: `(?:(?:on|in|to|using|with) )?(?:the )?(?:storage|datastore)(?: is|:| =)? ${NO_NAME}(?<storage>[a-z\\d][\\w.-]{0,60})|on (?<known>local(?:-lvm|-zfs)?|ceph[\\w-]{0,60})`,
    means: (wish, said) => void (wish.storage = said.exact('storage') || said.exact('known')),
  },
  { say: '(?:no|without(?: any)?) backups?', means: (wish) => void (wish.backups = false) },
  {
    say: `(?:(?<how>daily|nightly|weekly|hourly|monthly|regular|automatic|automated) )*(?:backups?|backed up)(?: (?<after>daily|nightly|weekly|hourly|every (?:day|night|week|hour)))?(?: at (?<hour>\\d{1,2})(?::(?<minute>\\d\\d))? ?(?<half>am|pm)?)?(?:,? ?(?:and |with |kept |keep(?:ing)? |retained |retention ?(?:of |: ?)?|for )+(?:the last |them for |for )?(?<keep>\\d{1,4})[ -]?(?<unit>days?|weeks?|months?)(?: retention)?)?`,
    means: (wish, said) => {
      const often = said.part('how') + said.part('after');
      const hour = (Number(said.part('hour') || '2') % 24) + (said.part('half') === 'pm' ? 12 : 0);
      const time = `${String(hour % 24).padStart(2, '0')}:${said.part('minute') || '00'}`;
      const schedule = /week/.test(often)
        ? `sun ${time}`
        : /hour/.test(often)
          ? '*:00'
          : /month/.test(often)
            ? `*-*-01 ${time}`
            : time;
      const days = DAYS[said.part('unit').replace(/s$/, '')] ?? 1;
      wish.backups = { schedule, keep: said.part('keep') === '' ? 14 : Number(said.part('keep')) * days };
    },
  },
  {
    say: '(?:highly|high)[ -]availab(?:le|ility)|ha(?= |,|\\.|$)|fail-?over',
    means: (wish) => void (wish.ha = true),
  },
  {
    say: `tag(?:s|ged)?(?: with| as|:)? ${NO_NAME}(?<tags>[a-z\\d][\\w-]{0,60}(?:(?:,? and |, ?)${NO_NAME}[a-z\\d][\\w-]{0,60})*)`,
    means: (wish, said) => {
      for (const tag of listed(said.part('tags'))) wish.tags.add(tag);
    },
  },
  {
    say: '(?:in |for |to )?(?:the )?(?:production|prod)(?: environment| use| workloads?)?',
    means: (wish) => void (wish.environment = 'production'),
  },
  {
    say: '(?:in |for |to )?(?:the )?(?:staging)(?: environment| use)?',
    means: (wish) => void (wish.environment = 'staging'),
  },
  {
    say: '(?:in |for |to )?(?:the )?(?:development|dev|testing|test)(?: environment| use| workloads?)?',
    means: (wish) => void (wish.environment = 'development'),
  },
  {
    say: 'cis(?:[ -](?:benchmarks?|controls?|compliant|compliance|hardened|hardening|level \\d))*',
    means: (_wish, _said, all) => void all.compliance.add('CIS'),
  },
  {
    say: 'soc ?-?2(?:[ -](?:compliant|compliance|type \\d|type ii?))*',
    means: (_wish, _said, all) => void all.compliance.add('SOC2'),
  },
  {
    say: '(?:pci(?:[ -]dss)?|hipaa|iso ?-?27001|gdpr|nist(?: [\\d-]+)?|fedramp|stig)(?:[ -](?:compliant|compliance))*',
    means: (_wish, said, all) =>
      void all.notUnderstood.push(`${said.text}: no measures of this framework are known here`),
  },
  {
    say: 'secure ?boot',
    means: (wish) => {
      wish.hardware.bios = 'ovmf';
      wish.hardware.keys = true;
    },
  },
  {
    say: 'secured?|hardened|locked[ -]down|security[ -]hardened',
    means: (wish) => {
      for (const demand of ['ssh.keys_only', 'updates.automatic', 'firewall.drop'] as const) wish.demands.add(demand);
    },
  },
  {
    say: '(?:automatic|unattended|auto)[ -](?:security )?(?:updates?|upgrades?|patching)',
    means: (wish) => void wish.demands.add('updates.automatic'),
  },
  { say: 'audit(?:ing| log(?:s|ging)?)?', means: (wish) => void wish.demands.add('audit.on') },
  {
    say: '(?:(?:delet(?:e|ion)|removal)[ -]protection|protect(?:ed|ion)(?: (?:from|against) (?:deletion|removal))?)',
    means: (wish) => void (wish.protection = true),
  },
  {
    say: '(?:start(?:s|ed|ing)?|boot(?:s|ed)?|come up) (?:automatically )?(?:at|on|with) (?:boot|startup)|autostart',
    means: (wish) => void (wish.onBoot = true),
  },
  {
    say: '(?:leave it |left |kept )?(?:stopped|powered off|switched off)|(?:do not|don.t|not(?: to be)?) start(?:ed)?(?: it)?',
    means: (wish) => void (wish.started = false),
  },
  { say: 'unprivileged', means: (wish) => void (wish.privileged = false) },
  { say: 'privileged', means: (wish) => void (wish.privileged = true) },
  { say: 'nesting|nested', means: (wish) => void (wish.nesting = true) },
  { say: 'uefi|ovmf|efi', means: (wish) => void (wish.hardware.bios = 'ovmf') },
  { say: '(?:v?tpm)(?: ?2(?:\\.0)?)?', means: (wish) => void (wish.hardware.tpm = true) },
  {
    say: '(?:cpu type|cpu model|processor type)(?: of|:| =)? (?<type>[a-z\\d][\\w-]{0,60})',
    means: (wish, said) => void (wish.cpuType = said.exact('type')),
  },
  { say: '(?:qemu )?guest agent|qemu agent', means: () => undefined },
  {
    say: `(?<count>${NUM})[ -](?:node|member|machine)(?=s? |-)`,
    means: (wish, said) => void (wish.count = numberOf(said.part('count'))),
  },
  {
    say: '(?:(?:an?|the|valid) )?(?:free )?let.?s ?encrypt(?: (?:ssl|tls))?(?: cert(?:ificate)?s?)?',
    means: (wish) => void (wish.tls = 'letsencrypt'),
  },
  { say: 'self[ -]signed(?: (?:ssl|tls))?(?: cert(?:ificate)?s?)?', means: (wish) => void (wish.tls = 'self_signed') },
  {
    say: '(?:(?:ssl|tls|https)(?:[ /](?:ssl|tls))?(?: (?:cert(?:ificate)?s?|termination|encryption|enabled))?|certificates?)',
    means: (wish) => void (wish.tls ??= 'any'),
  },
];

/** Names of hosts of the internet; looked for when nothing else has a name with dots. */
export const DOMAINS: readonly Recogniser[] = [
  {
    say: '(?:(?:for|at|of|serving|domain|fqdn|host(?:ing|ed)?(?: at)?)(?: the)?(?: (?:domain|host|site|name|website))?:? )?(?<domain>(?:[a-z\\d](?:[a-z\\d-]{0,61}[a-z\\d])?\\.)+[a-z]{2,24})(?![\\w.-])',
    means: (wish, said) => void (wish.domain = said.part('domain')),
  },
];
