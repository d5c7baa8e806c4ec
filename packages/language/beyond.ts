import type { Token } from './tokens.ts';

/** What people ask about that Proxmox's API does not tell, with what is said then. */
const beyond: readonly [RegExp, string][] = [
  [
    /\bdocker (containers?|images?|volumes?|compose)\b|\b(kubernetes )?pods?\b/,
    'Proxmox’s API does not show what runs inside a guest.',
  ],
  [
    /(?<!iso |image |template )\b(files?(?! ?systems?\b)|director(y|ies)|folders?|paths?)\b.*(\/\w|\b(in|on|inside|of|under)\b)/,
    'Proxmox’s API does not show files inside a guest or on a host.',
  ],
  [
    /(^|\s)\/(var|etc|home|root|tmp|opt|usr|srv|mnt)\b/,
    'Proxmox’s API does not show files inside a guest or on a host.',
  ],
  [
    /\b(room|rack|ambient|cpu|core|disk|chassis|inlet) temperatures?\b|\btemperatures?\b|\bhow (hot|warm|cold)\b/,
    'Proxmox’s API does not tell temperatures (a disk’s SMART values may: ask for the SMART attributes of a disk).',
  ],
  [
    /\b(fan speeds?|fans?|power (draw|consumption|usage)|watts?|electricity|energy)\b/,
    'Proxmox’s API does not tell about power or fans.',
  ],
  [
    /\b(processes|process list|services? running inside|installed (packages|software|programs|applications)|which (software|programs|applications))\b.*\b(in|on|inside|of)\b/,
    'Proxmox’s API does not show what runs or is installed inside a guest.',
  ],
  [
    /\b(((my|postgre|ms)?sql|mariadb|postgres|oracle|mongo(db)?|redis|databases?|db) (tables?|schemas?|databases?|quer(y|ies)|indexes|rows)|databases|cron ?jobs|crontabs?|mail queue)\b.*\b(in|on|inside|of|from)\b/,
    'Proxmox’s API does not show what is inside a guest.',
  ],
  [
    /\b(passwords?|passphrase|secret|private key)s?\b.*\b(of|for|is|are)\b|\bwhat is the (root )?password\b/,
    'Passwords and secrets cannot be read from Proxmox’s API, and would not be shown.',
  ],
  [
    /\bwho (is|are|was) logged (in|on)\b|\blogged in (users?|people)\b/,
    'Proxmox’s API does not tell who is logged in (its task list tells who did what: ask for the tasks of a user).',
  ],
  [
    /\b(logged in|log ?ins?) (in|inside|to|on)\b.*\b(guest|vm|container)\b/,
    'Proxmox’s API does not tell who is logged in inside a guest.',
  ],
  [/\b(screen|screenshot|desktop|display output)\b/, 'Proxmox’s API does not show a guest’s screen.'],
  [/\b(price|cost|invoice|bill|licen[cs]e cost)s?\b/, 'Proxmox’s API knows no prices.'],
];

/** Why a request cannot be answered, where it is about something that the API does not expose; undefined otherwise. */
export function beyondApi(list: readonly Token[]): string | undefined {
  const text = list.map(({ word, quoted }) => (quoted ? '' : word)).join(' ');
  const found = beyond.find(([pattern]) => pattern.test(text));
  return found?.[1];
}
