import { all, compare, contains, has, is, isNot, known, not, type Phrase } from '../kit/index.ts';

/** Wordings that are conditions on guests. */
export const phrases: readonly Phrase[] = [
  { say: 'locked|with a lock|being locked', where: isNot('lock', ''), focus: ['lock'] },
  {
    say: '(why)? (so|very|too|really)? (slow|sluggish|laggy|lagging|unresponsive|overloaded)|(performing|performs) (badly|poorly)|(performance|load) (problem|issue)',
    focus: ['cpu', 'maxcpu', 'mem', 'mem_share', 'node'],
  },
  { say: 'why' },
  { say: 'q35', where: contains('machine', 'q35'), focus: ['machine'] },
  { say: 'i440fx', where: contains('machine', 'i440fx'), focus: ['machine'] },
  {
    say: 'replicated|being replicated|with replication|replicate|replicating',
    where: has('replication'),
    not: not(has('replication')),
  },
  { say: 'never (been)? backed up|without any backup', where: not(has('backups')), not: has('backups') },
  { say: 'windows|running windows|with windows', where: is('windows', true), focus: ['ostype'] },
  { say: 'linux|running linux', where: all(is('windows', false), isNot('ostype', 'solaris')), focus: ['ostype'] },
  {
    say: '(with|having|using)? (a)? (passed through|passthrough|pass through) (pci)? (device|gpu|card|hardware)?|(pci|gpu) passthrough|passed through|pci device passed through|(a|an)? (gpu|graphics card|video card|accelerator) (passed through|attached)?',
    where: known('passthrough'),
    focus: ['passthrough'],
  },
  {
    say: 'ha managed|under ha|in ha|highly available|ha protected|ha|(managed|protected|covered|controlled|looked after|watched) by (the)? ha (manager)?|(configured|set up) (for|in|with) ha|(with|having|have|has) ha (enabled|configured|set up|switched on|turned on|on)|ha (enabled|configured)|ha (does|do)? (manage|manages|look after|looks after|protect|protects|watch|watches)',
    where: isNot('ha', ''),
    focus: ['ha'],
  },
  {
    say: 'ha (does|do|is|are) not (manage|managing|look after|looking after|protect|protecting|watch|watching|cover|covering)|(with|having|have|has) ha (disabled|switched off|turned off|off)|ha disabled',
    where: is('ha', ''),
    not: isNot('ha', ''),
    focus: ['ha'],
  },
  {
    say: '(covered|included|contained|taken) (by|in) (a|any|some|the)? backup (job|schedule)|(a|any|some) backup (job|schedule) covers|in (a|any) backup (job|schedule)',
    where: is('backed', true),
    not: is('backed', false),
    focus: ['backed'],
  },
  {
    say: '(that|which)? no backup (job|schedule) (covers|cover|includes|include|takes)|(covered|included) (by|in) no backup (job|schedule)|in no backup (job|schedule)',
    where: is('backed', false),
    not: is('backed', true),
    focus: ['backed'],
  },
  {
    say: '(connected|attached|plugged in)? (to|in|into|on) (a|any|some) vlan|with (a|any) vlan',
    where: known('vlans'),
    not: not(known('vlans')),
    focus: ['vlans'],
  },
  {
    say: 'without (a|any) vlan|with no vlan|(in|on) no vlan|untagged network',
    where: not(known('vlans')),
    focus: ['vlans'],
  },
  { say: 'backed by|(which|what) (storage|datastore) (is|are|does|do)', focus: ['storages'] },
  {
    say: '(in|of|assigned to|part of|member of|a member of) (a|any) (resource)? pool',
    where: isNot('pool', ''),
    focus: ['pool'],
  },
  {
    say: '(outside|out) (of)? (a|any|all|every) (resource)? pool|(in|of|belonging to|belong to|part of) no (resource)? pool|without (a|any) (resource)? pool|with no (resource)? pool|poolless',
    where: is('pool', ''),
    not: isNot('pool', ''),
    focus: ['pool'],
  },
  { say: 'tagged|with a tag|with tags|with any tag', where: known('tags'), focus: ['tags'] },
  {
    say: 'untagged|without tags|without a tag|with no tags|without any tag',
    where: not(known('tags')),
    focus: ['tags'],
  },
  { say: 'with an ip|with an ip address|having an ip address', where: known('ip'), focus: ['ip'] },
  { say: 'with cloud init|using cloud init', where: is('cloudinit', true) },
  {
    say: 'with (a)? firewall|firewalled|behind (the)? firewall',
    where: is('nic_firewall', true),
    focus: ['nic_firewall'],
  },
  {
    say: 'with (an|a)? (iso|cdrom|cd|dvd|cd rom) (attached|mounted|inserted)?',
    where: known('cdrom'),
    focus: ['cdrom'],
  },
  {
    say: '(start|starts|starting|started|boot|boots|booting|come up|comes up) first|(is|are)? first to (start|boot)',
    where: known('startup_order'),
    focus: ['startup_order', 'startup_delay'],
  },
  {
    say: '(with|having) (a)? (startup|start|boot) order( set)?',
    where: known('startup_order'),
    focus: ['startup_order', 'startup_delay'],
  },
  {
    say: '(with|having) (a)? (cpu|processor) limit|(cpu|processor) limited|limited in (cpu|processor)',
    where: compare('cpulimit', '>', 0),
    focus: ['cpulimit'],
  },
  {
    say: '(can|may|could|allowed to|able to)? mount nfs|(with|having) nfs mounts|with nfs mounting',
    where: is('mounts', 'nfs'),
    focus: ['mounts'],
  },
  {
    say: '(can|may|could|allowed to|able to)? mount (cifs|smb|samba)|(with|having) (cifs|smb) mounts',
    where: is('mounts', 'cifs'),
    focus: ['mounts'],
  },
  {
    say: '(with|having) (memory)? ballooning (switched off|turned off|disabled|off)|fixed memory',
    where: is('ballooning', false),
    focus: ['ballooning', 'balloon'],
  },
  {
    say: '(rebooted|booted|restarted|started) recently|(recently|newly|freshly|just) (rebooted|booted|restarted|started)',
    where: compare('booted', '>=', { ago: 7 * 86_400 }),
    focus: ['booted'],
  },
  {
    say: '(with|having)? (a|an|the|their)? (working|running|responding|answering) (guest|qemu)? agent|(guest|qemu)? agent (is|are)? (running|responding|answering|connected|working|reachable)',
    where: is('quiet_agent', true),
    focus: ['quiet_agent'],
  },
  {
    say: '(with|having)? (a|an)? (passed through)? usb (device|devices|stick|passthrough)',
    where: known('usb'),
    focus: ['usb'],
  },
  { say: '(do|can|could|would) (i|we|one) (reach|ssh to|ssh into|ping)|(is|are) reachable at', focus: ['ip'] },
  { say: 'called|named', focus: ['name'] },
  { say: '(belong|belongs)', focus: ['pool'] },
];
