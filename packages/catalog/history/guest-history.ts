import { askedGuests, guestCells } from '../guests/asked.ts';
import { count, dataset, given, type RowsReader } from '../kit/index.ts';
import { both, cpuColumn, rates, timeColumn, usage } from './columns.ts';
import { sampleRows, seriesFor } from './samples.ts';

/** The recorded load of the guests that the question is about: one call a guest. */
const rows: RowsReader = async (reading) => {
  const guests = (await askedGuests(reading, 'the history of guests')).filter(({ template }) => !template);
  const series = seriesFor(reading);
  const lists = await reading.each(guests, async (guest) => {
    const { node, vmid } = guest;
    const got =
      guest.type === 'qemu'
        ? await reading.list('/nodes/{node}/qemu/{vmid}/rrddata', { node, vmid, ...series })
        : await reading.list('/nodes/{node}/lxc/{vmid}/rrddata', { node, vmid, ...series });
    return sampleRows(reading, guest.id, guest.name || guest.id, got, guestCells(guest));
  });
  return lists.flat();
};

/** What guests have used over time: one row a sample. */
export const guestHistory = dataset({
  id: 'guest-history',
  title: 'Guest history',
  counted: 'count',
  weight: 1,
  nouns: [
    {
      words: 'guest history|vm history|container history|guest load history|vm load history|usage history of guest',
      title: 'Guest history',
    },
    {
      words:
        'history|trend|graph|chart|curve|course|usage history|load history|usage over time|load over time|development',
      title: 'Guest history',
      weak: true,
    },
  ],
  rows,
  columns: {
    time: timeColumn,
    guest: given('GUEST ID', 'guest', 'text', 'text', { names: 'guest' }),
    vmid: given('VMID', 'vmid', 'number', 'count'),
    guest_name: given('GUEST', 'guest_name', 'text', 'text', { words: 'guest|guest name' }),
    node: given('NODE', 'node', 'text', 'text', { names: 'node' }),
    cpu: cpuColumn,
    maxcpu: count('VCPUS', 'maxcpu'),
    ...usage('MEM', { used: 'mem', total: 'maxmem' }, { used: 'mem', total: 'maxmem' }),
    ...usage('DISK', { used: 'disk', total: 'maxdisk' }, { used: 'disk', total: 'maxdisk' }),
    ...rates({
      netin: ['NET IN', 'incoming traffic|network in|traffic in|received traffic'],
      netout: ['NET OUT', 'outgoing traffic|network out|traffic out|sent traffic'],
      diskread: ['DISK READ', 'disk read|read rate|disk reads'],
      diskwrite: ['DISK WRITE', 'disk write|write rate|disk writes'],
    }),
    net: both('TRAFFIC', 'netin', 'netout'),
    diskio: both('DISK I/O', 'diskread', 'diskwrite'),
  },
  identity: ['guest_name', 'time'],
  shown: ['guest_name', 'time', 'cpu', 'mem', 'netin', 'netout'],
  scopes: { guest: 'guest', node: 'node' },
  time: 'time',
  quantities: [
    { words: 'memory|ram|mem|memory usage|ram usage', plain: 'mem', used: 'mem', total: 'maxmem', share: 'mem_share' },
    { words: 'cpu|processor|cpu usage|cpu load|load', plain: 'cpu', used: 'cpu', share: 'cpu' },
    { words: 'traffic|network traffic|bandwidth|network|network usage|network load', plain: 'net', used: 'net' },
    { words: 'disk io|disk i/o|io|i/o|disk activity', plain: 'diskio', used: 'diskio' },
    { words: 'disk|disk usage|disk space', plain: 'disk', used: 'disk', total: 'maxdisk', share: 'disk_share' },
  ],
  order: [
    { column: 'vmid', dir: 'asc' },
    { column: 'time', dir: 'asc' },
  ],
});
