/** What a guest is for, by what it is called: what it usually runs and how much it usually needs. */
export interface Role {
  readonly id: string;
  /** As a pattern, in front of “server”, “VM” and the like; `alone` where the word needs none of these. */
  readonly words: string;
  readonly alone?: boolean;
  /** Run where the words name nothing of its kind. */
  readonly software: readonly string[];
  /** Of which one, said by name, takes the place of what it usually runs. */
  readonly instead: readonly string[];
  readonly memoryMb: number;
  readonly diskGb: number;
}

const small = { memoryMb: 2048, diskGb: 20 } as const;

export const ROLES: readonly Role[] = [
  {
    id: 'web-server',
    words: 'web|http',
    ...small,
    software: ['nginx'],
    instead: ['nginx', 'apache', 'caddy', 'haproxy', 'tomcat', 'wordpress'],
  },
  {
    id: 'database',
    words: 'database|db|sql',
    alone: true,
    memoryMb: 4096,
    diskGb: 50,
    software: ['postgresql'],
    instead: ['postgresql', 'mysql', 'mariadb', 'redis'],
  },
  {
    id: 'load-balancer',
    words: 'load[ -]?balanc(?:er|ing)',
    alone: true,
    ...small,
    software: ['haproxy'],
    instead: ['haproxy', 'nginx', 'caddy'],
  },
  {
    id: 'reverse-proxy',
    words: 'reverse[ -]prox(?:y|ies)',
    alone: true,
    ...small,
    software: ['nginx'],
    instead: ['nginx', 'apache', 'caddy', 'haproxy'],
  },
  {
    id: 'cache',
    words: 'cache|caching',
    alone: true,
    ...small,
    software: ['redis'],
    instead: ['redis', 'memcached', 'varnish'],
  },
  {
    id: 'message-queue',
    words: 'message[ -](?:queue|broker)',
    alone: true,
    ...small,
    software: ['rabbitmq'],
    instead: ['rabbitmq', 'mosquitto', 'redis'],
  },
  {
    id: 'docker-host',
    words: 'docker',
    ...small,
    memoryMb: 4096,
    diskGb: 50,
    software: ['docker'],
    instead: ['docker'],
  },
  { id: 'mail-server', words: 'e?-?mail', ...small, software: ['postfix', 'dovecot'], instead: ['postfix', 'dovecot'] },
  {
    id: 'dns-server',
    words: 'dns|name',
    ...small,
    memoryMb: 1024,
    software: ['unbound'],
    instead: ['unbound', 'bind', 'dnsmasq'],
  },
  {
    id: 'file-server',
    words: 'file|nas|file sharing',
    ...small,
    diskGb: 100,
    software: ['samba'],
    instead: ['samba', 'nfs'],
  },
  {
    id: 'vpn-server',
    words: 'vpn',
    ...small,
    memoryMb: 1024,
    software: ['wireguard'],
    instead: ['wireguard', 'openvpn'],
  },
  {
    id: 'monitoring',
    words: 'monitoring',
    ...small,
    memoryMb: 4096,
    software: ['prometheus'],
    instead: ['prometheus'],
  },
  { id: 'bastion', words: 'bastion|jump', alone: true, ...small, memoryMb: 1024, software: [], instead: [] },
  { id: 'app-server', words: 'app(?:lication)?', ...small, memoryMb: 4096, software: [], instead: [] },
  {
    id: 'build-runner',
    words: 'build|ci|runner',
    ...small,
    memoryMb: 4096,
    diskGb: 50,
    software: ['git'],
    instead: [],
  },
];

/** Words for a machine itself, and what kind they say it is of. */
export const MACHINES =
  'virtual machine|vm|machine|guest|server|host(?! (?:a|an|the|my|our|some)\\b)|instance|box|node|worker|appliance|workstation|desktop';
export const CONTAINERS = 'lxc container|lxc|container|ct';

/** A role by its name. */
export const roleNamed = (id: string | undefined): Role | undefined => ROLES.find((role) => role.id === id);
