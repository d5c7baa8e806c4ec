import { describe, expect, test } from 'vitest';
import { parsePermissions, sayShortcoming, shortcomings } from './privileges.ts';

const AUDITOR = {
  'Sys.Audit': 1,
  'VM.Audit': 1,
  'VM.GuestAgent.Audit': 1,
  'Datastore.Audit': 1,
  'Pool.Audit': 1,
  'SDN.Audit': 1,
};

const cases: [name: string, permissions: unknown, lacking: string[]][] = [
  [
    'an auditor of everything',
    { '/': AUDITOR, '/vms': AUDITOR },
    [
      'backup archives: not visible (Datastore.AllocateSpace on /storage)',
      'pending updates: not visible (Sys.Modify on /nodes)',
    ],
  ],
  [
    'an auditor of / alone, which does not reach down',
    { '/': { 'Sys.Audit': 0 } },
    [
      'guests: not visible (VM.Audit on /vms)',
      'addresses inside VMs (guest agent): not visible (VM.GuestAgent.Audit on /vms)',
      "nodes' load, versions, services: not visible (Sys.Audit on /nodes)",
      'storages and their contents: not visible (Datastore.Audit on /storage)',
      'backup archives: not visible (Datastore.AllocateSpace on /storage)',
      'pending updates: not visible (Sys.Modify on /nodes)',
      'pools: not visible (Pool.Audit on /pool)',
      'users, tokens and permissions: not visible (Sys.Audit on /access)',
      'software-defined networks: not visible (SDN.Audit on /sdn)',
    ],
  ],
  [
    'two guests only',
    {
      '/': { ...AUDITOR, 'VM.Audit': 0, 'Datastore.Allocate': 1, 'Sys.Modify': 1 },
      '/vms': {},
      '/vms/100': { 'VM.Audit': 1, 'VM.Monitor': 1 },
    },
    [
      'guests: not visible except for /vms/100 (VM.Audit on /vms)',
      'addresses inside VMs (guest agent): not visible except for /vms/100 (VM.GuestAgent.Audit on /vms)',
    ],
  ],
];

describe('what an identity will not be able to tell', () => {
  test.each(cases)('%s', (_, permissions, lacking) => {
    expect(shortcomings(parsePermissions(permissions)).map(sayShortcoming)).toEqual(lacking);
  });

  test.each([null, [], 'x', { '/': null }])('nothing is taken for granted from %j', (permissions) => {
    expect(shortcomings(parsePermissions(permissions))).toHaveLength(10);
  });
});
