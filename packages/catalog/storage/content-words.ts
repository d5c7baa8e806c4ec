import { storageTypes } from '@pxa/pve/facts';
import type { Refusal } from '../kit/index.ts';

/** What a storage may hold, each said by its own words: "for backups, iso images and container templates". */
export const contentInput = {
  images: {
    kind: 'flag',
    say: ['[for|holding|of] (vm disks|disks of vms|disk images|vm images|images|vms|virtual disks|disks)'],
  },
  rootdir: {
    kind: 'flag',
    say: ['[for|holding|of] (container disks|disks of containers|containers|container volumes|rootdir|cts)'],
  },
  iso: { kind: 'flag', say: ['[for|holding|of] (iso|isos|iso images|iso files)'] },
  vztmpl: { kind: 'flag', say: ['[for|holding|of] (container templates|ct templates|templates|vztmpl|lxc templates)'] },
  backup: { kind: 'flag', say: ['[for|holding|of] (backup|backups|dumps|archives)'] },
  snippets: { kind: 'flag', say: ['[for|holding|of] snippets'] },
  import: { kind: 'flag', say: ['[for|holding|of] (import images|images to import|imports|cloud images)'] },
} as const;

const texts: Readonly<Record<string, string>> = {
  images: 'disks of VMs',
  rootdir: 'disks of containers',
  backup: 'backups',
  iso: 'ISO images',
  vztmpl: 'container templates',
  import: 'images to import',
};

/** A content type as it is called: `disks of VMs`. */
export const contentText = (content: string): string => texts[content] ?? content;

const types = ['images', 'rootdir', 'iso', 'vztmpl', 'backup', 'snippets', 'import'] as const;

/** The content types that were said, in Proxmox's words. */
export function contentSaid(input: { readonly [K in (typeof types)[number]]?: boolean }): string[] {
  return types.filter((type) => input[type] === true);
}

/** What a storage of a type cannot hold (pve-storage, plugindata content). */
export function contentRefusals(type: string, content: readonly string[]): Refusal[] {
  const offered = (storageTypes()[type]?.content ?? []).filter((each) => each !== 'none');
  const wrong = content.filter((each) => !offered.includes(each));
  if (wrong.length === 0) return [];
  const holds = offered.map(contentText).join(', ');
  return [
    {
      input: 'content',
      reason: 'not_acceptable',
      why: `A ${type} storage cannot hold ${wrong.map(contentText).join(', ')}.`,
      next: `It can hold ${holds}.`,
    },
  ];
}

export const contentTexts = (content: readonly string[]): string => content.map(contentText).join(', ') || 'nothing';
