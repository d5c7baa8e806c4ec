import { megabytes, NUM, numberOf, type Recogniser, SIZE } from './recogniser.ts';

const cores = 'v?cpus?(?: cores?)?|v?cores?|processors?|threads?';
const disk =
  '(?:(?:root|boot|system|os|hard|main|primary) )?(?:disks?|drives?|storage|disk space|volumes?|space|ssds?|hdds?|nvme)';
const more =
  '(?:(?:an?|another|additional|extra|second|separate|third) )*(?:data|additional|extra|second|another|separate)';

const gib = (mb: number): number => Math.max(1, Math.ceil(mb / 1024));

/** Processors, memory and disks. What has no name is memory, as where people ask for “a VM with 8 GB”. */
export const SIZES: readonly Recogniser[] = [
  {
    say: `(?<sockets>${NUM}) sockets?`,
    means: (wish, said) => void (wish.sockets = numberOf(said.part('sockets'))),
  },
  {
    say: `(?<cores>${NUM})[ -]?(?:x )?(?:dedicated )?(?:${cores})(?: each)?`,
    means: (wish, said) => void (wish.cores = numberOf(said.part('cores'))),
  },
  {
    say: `(?:${cores}) ?(?:of|:|=|count) ?(?<cores>\\d{1,4})`,
    means: (wish, said) => void (wish.cores = numberOf(said.part('cores'))),
  },
  { say: `${SIZE} (?:of )?swap|swap (?:of |: ?)?${SIZE}`, means: setSwap },
  { say: `${SIZE} (?:of )?(?:ram|memory|mem)(?: each)?`, means: setMemory },
  { say: `(?:ram|memory|mem) ?(?:of|:|=|is)? ?${SIZE}`, means: setMemory },
  {
    say: `${more}(?: (?:disk|drive|volume))? (?:of|with|:)? ?${SIZE}(?: (?:data |extra )?(?:${disk}))?`,
    means: (wish, said) => void wish.moreDisksGb.push(gib(megabytes(said))),
  },
  {
    say: `${SIZE} ${more} (?:disk|drive|volume|storage)`,
    means: (wish, said) => void wish.moreDisksGb.push(gib(megabytes(said))),
  },
  { say: `${SIZE} (?:of )?(?:(?<fast>ssd|nvme|fast) )?(?:${disk})(?: each)?`, means: setDisk },
  { say: `(?:(?<fast>ssd|nvme|fast) )?(?:${disk}) ?(?:of|:|=|with|is)? ?${SIZE}`, means: setDisk },
  {
    say: `${SIZE}(?: each)?`,
    means: (wish, said, all) => {
      if (wish.memoryMb === undefined && megabytes(said) <= 512 * 1024) {
        wish.memoryMb = megabytes(said);
        all.assumptions.push(`“${said.text}” is taken for memory.`);
      } else {
        wish.diskGb = gib(megabytes(said));
        all.assumptions.push(`“${said.text}” is taken for the disk.`);
      }
    },
  },
  {
    say: 'ssds?(?: storage| disks?| drives?)?|nvme(?: storage| disks?| drives?)?',
    means: (wish) => void (wish.ssd = true),
  },
];

function setMemory(...[wish, said]: Parameters<Recogniser['means']>): void {
  wish.memoryMb = megabytes(said);
}

function setSwap(...[wish, said]: Parameters<Recogniser['means']>): void {
  wish.swapMb = megabytes(said);
}

function setDisk(...[wish, said]: Parameters<Recogniser['means']>): void {
  if (said.part('fast') !== '' || /\b(ssd|nvme)/i.test(said.text)) wish.ssd = true;
  const gb = gib(megabytes(said));
  if (wish.diskGb === undefined) wish.diskGb = gb;
  else wish.moreDisksGb.push(gb);
}
