import type { Instant } from '@pxa/contract';
import { action, already, call, piece, type PieceStep, type Planned } from '../kit/index.ts';
import { chosenInput, noArchive, whichArchive } from './archive-words.ts';
import { archiveFact, archivesNamed, archivesNow, type ArchiveNow, chosenOf, fileOf } from './archives-now.ts';

function protectStep(archive: ArchiveNow, wanted: boolean): PieceStep {
  const { node, storage, volid } = archive;
  const step = call(
    'PUT',
    '/nodes/{node}/storage/{storage}/content/{volume}',
    { node, storage, volume: volid, protected: wanted },
    `${wanted ? 'Protect' : 'Take the protection from'} backup ${fileOf(archive)} on ${storage}`,
  );
  return {
    ...step,
    node,
    limitSeconds: 60,
    relies: [archiveFact(archive, 'protected', wanted ? null : 1)],
    expects: [archiveFact(archive, 'protected', wanted ? 1 : null)],
  };
}

function protection(chosen: readonly ArchiveNow[], wanted: boolean): Planned {
  const others = chosen.filter(({ isProtected }) => isProtected !== wanted);
  if (others.length === 0) {
    const files = chosen.map(fileOf).join(', ');
    return already(`${files} ${chosen.length === 1 ? 'is' : 'are'} ${wanted ? '' : 'not '}protected.`);
  }
  return piece({
    says: `${wanted ? 'Protect' : 'Unprotect'} ${others.map((each) => `backup ${fileOf(each)}`).join(', ')}`,
    steps: others.map((each) => protectStep(each, wanted)),
    warnings: wanted ? [] : ['It can then be deleted, and pruned by the rule of its storage or job.'],
    changes: others.map((each) => ({
      about: `backup ${fileOf(each)}`,
      key: 'protected',
      before: wanted ? 'no' : 'yes',
      after: wanted ? 'yes' : 'no',
    })),
  });
}

const input = {
  archive: { kind: 'word', say: [] },
  guest: { kind: 'guest', say: [] },
  ...chosenInput,
} as const;

interface Said {
  readonly archive?: string;
  readonly guest?: string;
  readonly which?: string;
  readonly storage?: string;
  readonly olderThan?: Instant;
}

async function planned(
  planning: Parameters<typeof archivesNow>[0],
  said: Said,
  wanted: boolean,
  verb: string,
): Promise<Planned> {
  const guest = said.guest === undefined ? undefined : await planning.guest(said.guest);
  const archives = await archivesNow(planning, guest?.vmid);
  const chosen =
    guest === undefined ? archivesNamed(archives, said.archive ?? '') : await chosenOf(archives, said, planning);
  const of = guest === undefined ? `called ${said.archive ?? ''}` : `of ${guest.title}`;
  if (chosen.length === 0) return noArchive(of, archives);
  const isSaid = said.which !== undefined || said.olderThan !== undefined;
  if (chosen.length > 1 && !isSaid) return whichArchive(of, chosen, (each) => `${verb} backup ${each.volid}`);
  return protection(chosen, wanted);
}

const objects = [
  '(backup|archive|backup archive|backup file) {archive}',
  '{which} (backup|backups|archive|archives) (of|for) {guest} {*}',
  '(backup|backups) (of|for) {guest} {*}',
];

export const protectArchive = action({
  id: 'backup.protect',
  verb: 'protect the backup',
  risk: 'change',
  say: objects.map((object) => `(protect|keep forever|lock) ${object}`),
  input,
  plan: (planning, { input: said }) => planned(planning, said, true, 'protect'),
  examples: [
    { say: 'protect the newest backup of build-agent', sends: 'clarification' },
    {
      say: 'protect the newest backup of dev-sandbox',
      sends: [
        'PUT /nodes/pve-node01/storage/nfs-backup/content/nfs-backup:backup%2Fvzdump-lxc-203-2026_02_22-03_01_47.tar.zst protected=1',
      ],
    },
    { say: 'protect the backups of dev-sandbox', sends: 'clarification' },
  ],
});

export const unprotectArchive = action({
  id: 'backup.unprotect',
  verb: 'unprotect the backup',
  risk: 'change',
  say: objects.flatMap((object) => [
    `(unprotect|unlock) ${object}`,
    `(remove|take away|turn off|drop) protection (of|from|for) ${object}`,
  ]),
  input,
  plan: (planning, { input: said }) => planned(planning, said, false, 'unprotect'),
  examples: [
    { say: 'unprotect the newest backup of dev-sandbox', sends: 'answer' },
    { say: 'unprotect all backups of docker-host-01', sends: 'answer' },
    { say: 'unprotect the newest backup of build-agent', sends: 'clarification' },
  ],
});
