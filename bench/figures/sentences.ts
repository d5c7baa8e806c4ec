import { actions, catalogue, datasets } from '@pxa/catalog';
import { Inventory, Language, type Entity } from '@pxa/language';
import { atMost, type Effort, type Figure } from '../figure.ts';
import { bareGet, sizes, withCluster, type Size } from '../sandbox.ts';
import { percentile } from '../timing.ts';

/** Wordings that name things, near misses and strangers among them; the catalogue's own examples come beside them. */
const wordings = [
  'which VM uses the most memory?',
  'list the running containers on {node}',
  'how much memory does {guest} use?',
  'is {guest} running?',
  'show me {guest} and {other}',
  'what is the ip of {typo}?',
  'how busy is {stranger}?',
  'which VMs on {node} have more than 8 GB of memory and no snapshot?',
  'top 5 guests by cpu usage that are not on {node}',
  'how many guests per node?',
  'total memory allocated to stopped VMs',
  'stop {guest}',
  'migrate {guest} to {node}',
  'delete all snapshots of {other} older than 30 days',
  'what is the weather like?',
];

/** From words to their meaning, with so many names known: half of the sentences, and the slowest hundredth. */
export async function* sentences({ short }: Effort): AsyncGenerator<Figure> {
  const language = new Language([...datasets.values()], [...actions.values()]);
  for (const size of sizes) {
    const entities = await entitiesOf(size);
    const samples = measure(language, entities, short ? 1_000 : 10_000);
    const name = `sentence to meaning, ${size.guests} guests known`;
    yield atMost({ figure: `${name}: median`, value: percentile(samples, 0.5), unit: 'ms' }, 1);
    yield atMost({ figure: `${name}: 99th percentile`, value: percentile(samples, 0.99), unit: 'ms' }, 5);
    const started = performance.now();
    const inventory = new Inventory(entities);
    const took = performance.now() - started;
    yield { figure: `${name}: making the list of ${inventory.entities.length} names`, value: took, unit: 'ms' };
  }
}

function measure(language: Language, entities: readonly Entity[], count: number): number[] {
  const inventory = new Inventory(entities);
  const said = [...catalogue.flatMap(({ examples }) => examples.map(({ say }) => say)), ...wordings];
  const samples: number[] = [];
  for (let at = -said.length; at < count; at += 1) {
    const text = filled(said[(at + said.length) % said.length] ?? '', entities, at + said.length);
    const started = performance.now();
    language.understand(text, {}, inventory);
    // The first of each sentence warms up.
    if (at >= 0) samples.push(performance.now() - started);
  }
  return samples;
}

/** Puts names of the cluster into a wording, others each time, without chance. */
function filled(wording: string, entities: readonly Entity[], turn: number): string {
  const named = (kind: Entity['kind'], step: number): string => {
    const all = entities.filter((entity) => entity.kind === kind);
    return all[(turn * step) % all.length]?.name ?? kind;
  };
  return wording
    .replace('{guest}', () => named('guest', 7))
    .replace('{other}', () => named('guest', 13))
    .replace('{node}', () => named('node', 3))
    .replace('{typo}', () => misspelt(named('guest', 11)))
    .replace('{stranger}', () => `zq-nobody-${turn}`);
}

/** The name with two neighbouring letters swapped. */
function misspelt(name: string): string {
  const at = Math.floor(name.length / 2);
  return name.slice(0, at - 1) + name.charAt(at) + name.charAt(at - 1) + name.slice(at + 1);
}

/** The names of a generated cluster, as its sandbox tells them. */
async function entitiesOf(size: Size): Promise<Entity[]> {
  const reading = withCluster(size, async function* (sandbox) {
    const { data } = (await bareGet(sandbox, '/api2/json/cluster/resources')) as { data: Resource[] };
    yield data.flatMap(entityOf);
  });
  for await (const entities of reading) return entities;
  return [];
}

/** A row of /cluster/resources, as far as it is looked at here. */
interface Resource {
  id: string;
  type: string;
  name?: string;
  node?: string;
  storage?: string;
  status?: string;
  vmid?: number;
}

function entityOf({ id, type, name, node = '', storage = '', status = '', vmid }: Resource): Entity[] {
  if (type === 'node') return [{ kind: 'node', key: node, name: node }];
  if (type === 'storage') return [{ kind: 'storage', key: storage, name: storage }];
  if ((type !== 'qemu' && type !== 'lxc') || vmid === undefined) return [];
  return [{ kind: 'guest', key: id, name: name ?? id, vmid, type, node, status }];
}
