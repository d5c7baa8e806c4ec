import type { Planning, Refusal } from '../kit/index.ts';

/** That others are called so already: Proxmox allows it, and people then take one for the other. */
export async function namesakes(planning: Planning, name: string | undefined): Promise<string[]> {
  const who = await called(planning, name);
  return who.length === 0
    ? []
    : [`${String(name)} is the name of ${who.join(' and ')} already; Proxmox takes it all the same.`];
}

/** The same where it must not be. */
export async function takenName(
  planning: Planning,
  { name, unique }: { name?: string | undefined; unique?: boolean | undefined },
): Promise<Refusal[]> {
  const who = unique === true ? await called(planning, name) : [];
  if (who.length === 0) return [];
  const why = `${String(name)} is the name of ${who.join(' and ')} already.`;
  return [{ why, next: 'Choose another name.', input: 'name', reason: 'exists' }];
}

/** The guests of a name: `VM 101`. */
async function called(planning: Planning, name: string | undefined): Promise<string[]> {
  const list = await planning.list('/cluster/resources', {});
  if (name === undefined || !list.ok) return [];
  const same = list.data.filter(
    ({ data }) =>
      /^(?:qemu|lxc)$/.test(String(data['type'])) && String(data['name']).toLowerCase() === name.toLowerCase(),
  );
  return same.map(({ data }) => `${data['type'] === 'lxc' ? 'container' : 'VM'} ${String(data['vmid'])}`);
}
