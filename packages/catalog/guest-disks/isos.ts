import { needed, type Planning, type Refusal } from '../kit/index.ts';

/** The files of a kind that a node can read, by their volume ids: ISO images, container templates, images to import. */
export async function filesOf(
  planning: Planning,
  node: string,
  content: 'iso' | 'vztmpl' | 'import',
): Promise<string[]> {
  const storages = needed(
    await planning.list('/nodes/{node}/storage', { node, content, enabled: true }),
    `The storages of ${node}`,
  );
  const lists = await Promise.all(
    storages.map(({ data }) =>
      planning.list('/nodes/{node}/storage/{storage}/content', { node, storage: String(data['storage']), content }),
    ),
  );
  return lists.flatMap((list) => (list.ok ? list.data.map(({ data }) => String(data['volid'])) : []));
}

/** Those that a name means: all of it, or else a part of it, whatever the case. */
export function filesNamed(volids: readonly string[], named: string): string[] {
  const whole = volids.filter((volid) => volid === named || volid.endsWith(`/${named}`));
  if (whole.length > 0) return whole;
  // "debian 12" is debian-12-standard.
  const words = named.toLowerCase().split(/[\s]+/);
  const isNamed = (file: string): boolean => words.every((word) => file.includes(word));
  return volids.filter((volid) => isNamed(volid.toLowerCase()));
}

/** That there is no image of the name, and which there are. */
export function noIso(node: string, named: string, volids: readonly string[]): Refusal {
  const next = `ISO images that ${node} can read: ${volids.join(', ') || 'none'}.`;
  return { why: `${node} has no ISO image ${named}.`, next };
}
