import type { Filter, Query } from '@pxa/contract';
import { type Expected, onDemoCluster } from '../check.ts';
import { all, compare, is, known, not } from '../kit/index.ts';

const guests = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'guests', where, ...more });
const [vms, containers] = [is('type', 'qemu'), is('type', 'lxc')];
const noTemplates = not(is('template', true));

const cases: Record<string, [Query, Expected]> = {
  'containers with nesting': [guests(all(containers, is('nesting', true))), { rows: ['lxc/203'] }],
  'VMs have no features of containers': [guests(all(vms, is('nesting', true))), { rows: [], lacks: [] }],
  'VMs with NUMA': [guests(is('numa', true)), { rows: ['qemu/102'] }],
  'by CPU type; containers have none': [
    guests(all(is('cputype', 'host'), noTemplates)),
    { rows: ['qemu/102', 'qemu/110', 'qemu/111', 'qemu/112'] },
  ],
  'a default of VMs is not said of containers': [
    guests(all(is('bios', 'seabios'), containers)),
    { rows: [], lacks: [] },
  ],
  'containers by their distribution': [
    guests(all(containers, is('distribution', 'ubuntu')), { focus: ['distribution'] }),
    { rows: ['lxc/203'], cells: { 'lxc/203': { distribution: 'ubuntu' } } },
  ],
  'which Linux a VM runs is not known': [
    guests(all(is('id', 'qemu/101'), is('distribution', 'debian'))),
    { rows: [], lacks: ['Proxmox only knows that this VM runs a Linux, not which'] },
  ],
  'those with a startup order': [
    guests(known('startup_order'), { focus: ['startup_order'] }),
    {
      rows: ['qemu/100', 'qemu/101', 'qemu/102', 'lxc/200', 'lxc/201'],
      cells: { 'qemu/100': { startup_order: 1 }, 'qemu/102': { startup_order: 2 } },
    },
  ],
  'those in no pool': [guests(all(is('pool', ''), noTemplates)), { rows: ['lxc/204'] }],
  'started in the last ten days': [
    guests(all(vms, compare('booted', '>=', { ago: 10 * 86_400 }))),
    { rows: ['qemu/103'], calls: ['/cluster/resources'] },
  ],
  'what no job backs up': [guests(all(is('backed', false), noTemplates)), { rows: ['qemu/104', 'qemu/111'] }],
};

onDemoCluster('guests', cases);

/** Proxmox leaves out of its list what the token may not see: that there is nothing, it has not told. */
onDemoCluster(
  'guests that are withheld',
  { 'are not said to be none': [guests(vms), { rows: [], lacks: ['this one holds VM.Audit on none'] }] },
  { faults: [{ fault: 'revoked_privilege', privilege: 'VM.Audit' }] },
);
