import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  { say: 'list the pools', means: 'pools' },
  { say: 'which pool is ml-gpu in?', means: 'pools where guest_ids = qemu/108' },
  { say: 'members of pool prod', means: 'pool-members where pool = prod' },
  { say: 'which pool has the most memory?', means: 'pools by mem desc first 1' },
  { say: 'empty pools', means: 'pools where members = 0' },
  { say: 'how many pools are there?', means: 'pools give count' },
  { say: 'storages of pool prod', means: 'pools where pool = prod show storages' },
  { say: 'biggest pool', means: 'pools by guests desc first 1' },
  { say: 'pools with more than 2 guests', means: 'pools where guests > 2' },
  { say: 'comment of pool lab', means: 'pools where pool = lab show comment' },
  { say: 'total memory of pool prod', means: 'pools where pool = prod give sum(maxmem) show mem, maxmem, mem_share' },
  { say: 'guests per pool', means: 'guests where not (template = true) per pool give count' },
  { say: 'who is in the lab pool?', means: 'pool-members where pool = lab' },
];
