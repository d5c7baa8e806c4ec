import { askedNodes, count, dataset, fraction, given, type RowsReader } from '../kit/index.ts';
import { both, cpuColumn, rates, timeColumn, usage } from './columns.ts';
import { sampleRows, seriesFor } from './samples.ts';

/** The recorded load of the nodes that the question is about: one call a node. */
const rows: RowsReader = async (reading) => {
  const series = seriesFor(reading);
  const lists = await reading.each(await askedNodes(reading, 'the history'), async ({ node, at }) => {
    const got = await reading.list('/nodes/{node}/rrddata', { node, ...series });
    return sampleRows(reading, `node/${node}`, node, got, { node: { value: node, at: `${at}/node` } });
  });
  return lists.flat();
};

/** What nodes have used over time: one row a sample. */
export const nodeHistory = dataset({
  id: 'node-history',
  title: 'Node history',
  counted: 'count',
  weight: 2,
  nouns: [
    { words: 'node history|node load history|host history|node usage history|node trend', title: 'Node history' },
    {
      words:
        'history|trend|graph|chart|curve|course|usage history|load history|usage over time|load over time|development',
      title: 'Node history',
      weak: true,
    },
  ],
  rows,
  columns: {
    time: timeColumn,
    node: given('NODE', 'node', 'text', 'text', { names: 'node', words: 'node' }),
    cpu: cpuColumn,
    maxcpu: count('CPUS', 'maxcpu'),
    ...usage('RAM', { used: 'mem', total: 'maxmem' }, { used: 'memused', total: 'memtotal' }),
    ...usage('SWAP', { used: 'swap', total: 'maxswap' }, { used: 'swapused', total: 'swaptotal' }),
    ...usage('ROOT FS', { used: 'disk', total: 'maxdisk' }, { used: 'rootused', total: 'roottotal' }),
    loadavg: count('LOAD', 'loadavg'),
    iowait: fraction('IO WAIT', 'iowait'),
    ...rates({
      netin: ['NET IN', 'incoming traffic|network in|traffic in|received traffic'],
      netout: ['NET OUT', 'outgoing traffic|network out|traffic out|sent traffic'],
    }),
    net: both('TRAFFIC', 'netin', 'netout'),
  },
  identity: ['node', 'time'],
  shown: ['node', 'time', 'cpu', 'mem', 'loadavg', 'iowait'],
  scopes: { node: 'node' },
  time: 'time',
  quantities: [
    { words: 'memory|ram|mem|memory usage|ram usage', plain: 'mem', used: 'mem', total: 'maxmem', share: 'mem_share' },
    { words: 'cpu|processor|cpu usage|cpu load', plain: 'cpu', used: 'cpu', share: 'cpu' },
    { words: 'load|load average|system load', plain: 'loadavg', used: 'loadavg' },
    { words: 'io wait|iowait|i/o wait|io delay', plain: 'iowait', used: 'iowait', share: 'iowait' },
    { words: 'swap|swap usage', plain: 'swap', used: 'swap', total: 'maxswap', share: 'swap_share' },
    { words: 'traffic|network traffic|bandwidth|network', plain: 'net', used: 'net' },
    { words: 'root disk|root file system|rootfs', plain: 'disk', used: 'disk', total: 'maxdisk', share: 'disk_share' },
  ],
  order: [
    { column: 'node', dir: 'asc' },
    { column: 'time', dir: 'asc' },
  ],
});
