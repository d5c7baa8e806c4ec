import { changesBetween, held } from '../../packages/act/after-state.ts';
import { vmidsOf } from './plan-about.ts';
import type { Simulation } from './simulation.ts';

/** What the cluster does by itself: archives of its backup jobs, and copies of its replication jobs. */
const BY_ITSELF = /vzdump-|__replicate_/;

/** What is changed by calls below which path. */
const AREAS: readonly (readonly [about: string, path: string])[] = [
  ['backup jobs', '/cluster/backup'],
  ['HA', '/cluster/ha'],
  ['replication', '/cluster/replication'],
  ['storages', '/storage'],
  ['storage ', '/storage'],
  ['storage ', '/aplinfo'],
  ['users', '/access'],
  ['user groups', '/access'],
  ['roles', '/access'],
  ['tokens', '/access'],
  ['permissions', '/access'],
  ['firewall of ', '/firewall'],
  ['network of ', '/network'],
  ['settings of ', '/dns'],
  ['settings of ', '/hosts'],
  ['settings of ', '/config'],
  ['options', '/cluster/options'],
  ['pools', '/pools'],
];

/** What has changed and was in no plan, the doings of others aside. */
export function changeViolations({ before, cluster, plans, others }: Simulation): string[] {
  const planned = new Set([...plans.values()].flatMap((record) => [...vmidsOf(record)]));
  const isTheirs = (vmid: number): boolean => planned.has(vmid) || others.touched.has(vmid);
  const paths = [...plans.values()].flatMap(({ plan }) => plan.steps.map(({ path }) => path));
  const unplanned = changesBetween(before, held(cluster.state)).filter(({ about, key, before: was, after: is }) => {
    const ids = [...idsIn(`${about} ${key}`), ...idsIn(was).symmetricDifference(idsIn(is))];
    if (ids.some(isTheirs) || BY_ITSELF.test(key)) return false;
    if (key === 'lock' && ids.some((vmid) => others.locked.has(vmid))) return false;
    // HA and the loss of a node change guests in their own time.
    if (others.hasLostNodes) return false;
    const areas = AREAS.filter(([prefix]) => about.startsWith(prefix)).map(([, part]) => part);
    return !areas.some((area) => paths.some((path) => path.includes(area)));
  });
  return unplanned.map(
    ({ about, key, before: was, after: is }) => `${about} has changed and is in no plan: ${key} from ${was} to ${is}`,
  );
}

/** A guest that is removed goes from the lists that it stands in. */
const idsIn = (text: string | null): Set<number> => new Set(text?.match(/\d{3,9}/g)?.map(Number));
