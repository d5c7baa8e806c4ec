import { SERVERS } from './servers.ts';
import type { Software } from './software.ts';
import { TOOLS } from './tools.ts';

/** Software in the repositories of the distributions themselves: nothing is fetched from anywhere else. */
export const SOFTWARE: readonly Software[] = [...SERVERS, ...TOOLS];

/** Software that people ask for and that no repository of the distributions has. */
export const ELSEWHERE =
  'kubernetes|k8s|k3s|rke2|gitlab|jenkins|elastic ?search|kibana|grafana|minio|mongo ?db|nextcloud|traefik|vault|consul|nomad|kafka|cassandra|influx ?db|pi-?hole|home ?assistant|plex|jellyfin|portainer|sonarqube|nexus|harbor|wazuh|splunk|rancher|talos|keycloak|clickhouse';

const BY_ID: ReadonlyMap<string, Software> = new Map(SOFTWARE.map((each) => [each.id, each]));

/** Software by its name in the table. */
export const softwareNamed = (id: string): Software | undefined => BY_ID.get(id);
