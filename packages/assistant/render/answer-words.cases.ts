import type { RenderCase } from './answer.cases.ts';

const common = { request: 'x', conversation_id: 'c', engine: 'builtin' as const, text: '', findings: [], calls: [] };

/** Answers without a table. */
export const wordCases: RenderCase[] = [
  {
    name: 'a plan',
    answer: {
      kind: 'plan',
      ...common,
      plan: {
        id: 'plan_1',
        hash: 'sha256:0',
        expires_at: '2026-02-23T10:15:00Z',
        risk: 'change',
        says: 'Create VM 106 on pve-node02',
        changes: [],
        loses: [],
        steps: [
          {
            method: 'POST',
            path: '/nodes/pve-node02/qemu',
            params: { vmid: 106, name: 'a b' },
            says: 'Create VM 106 on pve-node02',
          },
        ],
        assumptions: ['Storage local-zfs: the one with the most free space'],
        warnings: ['Memory of pve-node02 will be 80% allocated'],
      },
    },
    shown: `Plan plan_1 — risk: change
  1. Create VM 106 on pve-node02
     POST /nodes/pve-node02/qemu  vmid=106 name='a b'
Taken for granted:
  • Storage local-zfs: the one with the most free space
[WARNING] Memory of pve-node02 will be 80% allocated
[APPROVAL REQUIRED] Nothing has been changed yet. The plan holds until 2026-02-23 10:15 UTC.`,
  },
  {
    name: 'a question back',
    answer: {
      kind: 'clarification',
      ...common,
      clarification: {
        question: 'There is no guest "web-1". Did you mean one of these?',
        options: [
          { label: 'web-01', say: 'show me web-01' },
          { label: 'web-02', say: 'web-02' },
        ],
      },
    },
    shown: `There is no guest "web-1". Did you mean one of these?
  1. web-01  (say: show me web-01)
  2. web-02`,
  },
  {
    name: 'what Proxmox does not tell',
    answer: {
      kind: 'unavailable',
      ...common,
      reason: "Proxmox's API does not expose the temperature of a room.",
    },
    shown: "Proxmox's API does not expose the temperature of a room.",
  },
  {
    name: 'an error',
    answer: { kind: 'error', ...common, reason: 'pve1:8006 does not answer.\nCheck the address.' },
    shown: 'Error: pve1:8006 does not answer.\nCheck the address.',
  },
];
