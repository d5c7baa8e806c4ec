import type { Run } from '@pxa/ask';
import { CannotPlan, type GuestNow, type LocalFiles, type Planning, type Rec, type Thresholds } from '@pxa/catalog';
import { needed } from '@pxa/catalog/kit';
import { asNumber, asObject, asText } from '@pxa/pve/values';
import type { Foreseen } from './foreseen.ts';

interface Means {
  readonly run: Run;
  readonly thresholds: Thresholds;
  readonly self: string;
  readonly files?: LocalFiles | undefined;
}

/**
 * What actions plan with: it reads through the run of the request, so that what the words needed is not read again. What
 * is `foreseen` of earlier orders of the same plan is found as if it were so already.
 */
export function createPlanning({ run, thresholds, self, files }: Means, foreseen: Foreseen): Planning {
  const ids = new FreeIds(run);
  const reads: Pick<Planning, 'read' | 'list'> = {
    read: (path, params) => foreseen.read(path, params, run.read(path, foreseen.asNow(params))),
    list: (path, params) => foreseen.list(path, params, run.list(path, foreseen.asNow(params))),
  };
  return {
    ...reads,
    nodes: () => run.nodes(),
    guest: (id) => readGuest(reads, id),
    nextId: () => ids.next(),
    instant: async (said) => {
      if (!('ago' in said)) await run.learnZone();
      return run.instant(said);
    },
    get now() {
      return run.now;
    },
    thresholds,
    files,
    self,
  };
}

async function readGuest(run: Pick<Planning, 'read' | 'list'>, id: string): Promise<GuestNow> {
  const row = needed(await run.list('/cluster/resources', {}), 'the list of guests').find(
    (each) => each.data['id'] === id,
  );
  const [, type, number] = /^(qemu|lxc)\/(\d+)$/.exec(id) ?? [];
  if (row === undefined || (type !== 'qemu' && type !== 'lxc')) {
    throw new CannotPlan({
      why: `There is no guest ${id} any more.`,
      next: 'Ask for the list of guests.',
      say: 'list guests',
    });
  }
  const vmid = Number(number);
  const node = String(row.data['node']);
  const at = { node, vmid };
  const [current, config] = await Promise.all([
    type === 'qemu'
      ? run.read('/nodes/{node}/qemu/{vmid}/status/current', at)
      : run.read('/nodes/{node}/lxc/{vmid}/status/current', at),
    type === 'qemu'
      ? run.read('/nodes/{node}/qemu/{vmid}/config', at)
      : run.read('/nodes/{node}/lxc/{vmid}/config', at),
  ]);
  const name = asText(row.data['name']) ?? '';
  const title = `${type === 'qemu' ? 'VM' : 'Container'} ${vmid}${name === '' ? '' : ` ${name}`}`;
  return guestOf(row, {
    type,
    vmid,
    node,
    name,
    title,
    id,
    current: asObject(needed<unknown>(current, `The status of ${title}`)) ?? {},
    config: asObject(needed<unknown>(config, `The configuration of ${title}`)) ?? {},
  });
}

type Read = Pick<GuestNow, 'id' | 'type' | 'vmid' | 'node' | 'name' | 'title' | 'current' | 'config'>;

function guestOf(row: Rec, read: Read): GuestNow {
  const { current, config } = read;
  const ha = asObject(current['ha']);
  return {
    ...read,
    status: statusOf(current),
    isTemplate: asNumber(config['template']) === 1 || asNumber(row.data['template']) === 1,
    lock: asText(current['lock']) ?? asText(config['lock']) ?? undefined,
    digest: asText(config['digest']) ?? '',
    ha: asNumber(ha?.['managed']) === 1 ? (asText(ha?.['state']) ?? 'managed') : undefined,
  };
}

/** `status` says running of a paused guest; `qmpstatus` knows better. */
function statusOf(current: Readonly<Record<string, unknown>>): string {
  const [status, qmp] = [asText(current['status']) ?? 'unknown', asText(current['qmpstatus'])];
  return status === 'running' && (qmp === 'paused' || qmp === 'suspended') ? qmp : status;
}

/** Free guest ids, each given once a request. */
class FreeIds {
  readonly #run: Run;
  #queue: Promise<number> | undefined;

  constructor(run: Run) {
    this.#run = run;
  }

  next(): Promise<number> {
    const before = this.#queue;
    this.#queue = before === undefined ? this.#first() : before.then((id) => this.#after(id));
    return this.#queue;
  }

  async #first(): Promise<number> {
    const id = asNumber(needed(await this.#run.read('/cluster/nextid', {}), 'The next free id'));
    if (id === null) throw new CannotPlan({ why: 'Proxmox gave no free id.', next: 'Say which id it is to have.' });
    return id;
  }

  /** The next one that Proxmox calls free: it also knows the guests that this token may not see. */
  async #after(id: number): Promise<number> {
    const taken = new Set(
      needed(await this.#run.list('/cluster/resources', {}), 'the list of guests').map(({ data }) =>
        asNumber(data['vmid']),
      ),
    );
    for (let vmid = id + 1; vmid <= 999_999_999; vmid++) {
      if (taken.has(vmid)) continue;
      const free = await this.#run.read('/cluster/nextid', { vmid });
      if (free.ok) return vmid;
    }
    throw new CannotPlan({ why: 'There is no free id left.', next: 'Say which id it is to have.' });
  }
}
