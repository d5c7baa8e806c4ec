import type { Example } from '../kit/index.ts';

export const examples: readonly Example[] = [
  {
    say: 'which ISO images have debian in their name?',
    means: 'images where content = iso and name contains "debian"',
  },
  { say: 'list the LXC templates', means: 'images where content = vztmpl' },
  { say: 'list the ISO images', means: 'images where content = iso' },
  { say: 'iso images on nas', means: 'images where content = iso and storage = nas' },
  { say: 'container templates on pve-node01', means: 'images where content = vztmpl and nodes = pve-node01' },
  { say: 'which iso is the biggest?', means: 'images where content = iso by size desc first 1' },
  { say: 'how many iso images are there?', means: 'images where content = iso give count' },
  { say: 'iso images older than 90 days', means: 'images where content = iso and created < now-7776000s' },
  { say: 'total size of the iso images', means: 'images where content = iso give sum(size) show size' },
  { say: 'newest container template', means: 'images where content = vztmpl by created desc first 1' },
  { say: 'iso images bigger than 2 GB', means: 'images where content = iso and size > 2147483648' },
  { say: 'container templates available', means: 'images where content = vztmpl' },
  { say: 'is there an alpine template?', means: 'images where content = vztmpl and os = alpine give any' },
];
