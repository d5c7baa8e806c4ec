import { OPERATING_SYSTEMS, type OperatingSystem } from '../specification.ts';
import type { Recogniser } from './recogniser.ts';

/** The newest of each family that is made for servers; and the names that versions go by. */
const FAMILIES: readonly (readonly [words: string, family: string, usual: OperatingSystem])[] = [
  ['ubuntu(?: server| linux)?', 'ubuntu', 'ubuntu-24.04'],
  ['debian(?: gnu\\/linux| linux)?', 'debian', 'debian-13'],
  ['rocky(?: ?linux)?', 'rocky', 'rocky-9'],
  ['alma(?: ?linux)?', 'almalinux', 'almalinux-9'],
  ['windows server', 'windows', 'windows-2025'],
  ['windows', 'windows', 'windows-2025'],
];

const VERSIONS: Readonly<Record<string, string>> = {
  noble: '24.04',
  jammy: '22.04',
  bookworm: '12',
  trixie: '13',
  '24': '24.04',
  '22': '22.04',
};

const version =
  '(?:[ -]?(?:lts )?(?<version>\\d{4}|\\d{1,2}(?:\\.\\d{1,2})?|noble|jammy|bookworm|trixie|bullseye|focal))?(?: lts)?';

/** Operating systems. One that there is no image of is said not to be understood, never another in its place. */
export const SYSTEM_WORDS: readonly Recogniser[] = [
  ...FAMILIES.map(([words, family, usual]): Recogniser => ({
    say: `(?:${words})${version}`,
    means: (wish, said, all) => {
      const named = said.part('version').replace(/(?<=^\d+)\.\d$/, '');
      const wanted = `${family}-${VERSIONS[named] ?? named}`;
      const known = OPERATING_SYSTEMS.find((each) => each === (named === '' ? usual : wanted));
      if (known === undefined) all.notUnderstood.push(`${said.text}: no image of this version is known here`);
      else wish.os = known;
    },
  })),
  {
    say: '(?:centos|fedora|rhel|red hat(?: enterprise linux)?|alpine|arch|opensuse|suse|sles|freebsd|openbsd|gentoo|nixos|oracle linux|talos|flatcar)(?: linux)?(?: (?:stream )?\\d{1,2}(?:\\.\\d{1,2})?)?',
    means: (_wish, said, all) => void all.notUnderstood.push(`${said.text}: no image of this system is known here`),
  },
];
