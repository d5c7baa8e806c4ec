/** A port that software listens at, and who is to reach it. */
export interface Listens {
  readonly protocol: 'tcp' | 'udp';
  readonly ports: string;
  readonly from: 'anyone' | 'own_networks';
}

/** Software that can be asked for by name. */
export interface Software {
  readonly id: string;
  readonly label: string;
  /** What people call it, as a pattern. */
  readonly words: string;
  readonly apt: readonly string[];
  /** Packages of Rocky and Alma Linux; null where their repositories do not have it. */
  readonly dnf: readonly string[] | null;
  readonly services?: readonly string[];
  /** Where the service is called otherwise there. */
  readonly dnfServices?: readonly string[];
  /** What has to be done there before it can be started. */
  readonly dnfCommands?: readonly (readonly string[])[];
  readonly listens?: readonly Listens[];
  /** It answers browsers, and so may need a certificate. */
  readonly isWeb?: boolean;
}

/** Open to all: what browsers ask. */
export const web: readonly Listens[] = [
  { protocol: 'tcp', ports: '80', from: 'anyone' },
  { protocol: 'tcp', ports: '443', from: 'anyone' },
];
/** Open to its own networks. */
export const inside = (ports: string, protocol: 'tcp' | 'udp' = 'tcp'): Listens => ({
  protocol,
  ports,
  from: 'own_networks',
});
/** Open to all. */
export const outside = (ports: string, protocol: 'tcp' | 'udp' = 'tcp'): Listens => ({
  protocol,
  ports,
  from: 'anyone',
});
