import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readVolumeId, volumeIdText, volumeOfRow, type VolumeRef } from './volume-ids.ts';

describe('the id of a volume', () => {
  const cases: [VolumeRef, string][] = [
    [{ storage: 'nas', node: undefined, volid: 'nas:iso/debian.iso' }, 'nas~iso~debian.iso'],
    [{ storage: 'local', node: 'pve-1', volid: 'local:vztmpl/a b.tar.zst' }, 'local@pve-1~vztmpl~a=20b.tar.zst'],
    [{ storage: 'zfs', node: 'n1', volid: 'zfs:base-9000-disk-0/vm-1-disk-0' }, 'zfs@n1~base-9000-disk-0~vm-1-disk-0'],
    [
      { storage: 'pbs', node: undefined, volid: 'pbs:backup/vm/100/2026-02-22T01:00:00Z' },
      'pbs~backup~vm~100~2026-02-22T01:00:00Z',
    ],
    [{ storage: 'nas', node: undefined, volid: 'nas:iso/ü~=%.iso' }, 'nas~iso~=C3=BC=7E=3D=25.iso'],
  ];
  test.each(cases)('%j is %s', (volume, id) => {
    expect(volumeIdText(volume)).toBe(id);
    expect(readVolumeId(id)).toEqual(volume);
  });

  test('any file has one that needs no escape in a URL, and is found again by it', () => {
    const name = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((text) => text.isWellFormed() && !text.includes('\uFFFD'));
    fc.assert(
      fc.property(name, fc.constantFrom(undefined, 'pve1'), (file, node) => {
        const volume = { storage: 'nas', node, volid: `nas:iso/${file}` };
        const id = volumeIdText(volume);
        expect(id).toMatch(/^[A-Za-z0-9._:+~=@-]+$/);
        expect(readVolumeId(id)).toEqual(volume);
      }),
    );
  });

  test.each(['', 'nas', '~x', 'nas~', 'nas:iso/x', '../x~y', 'nas@~x', 'nas~=FF'])('“%s” is none', (text) => {
    expect(readVolumeId(text)).toBeUndefined();
  });

  test.each([
    ['backup/nas:backup/x.vma', { storage: 'nas', node: undefined, volid: 'nas:backup/x.vma' }],
    ['volume/pve1/local:iso/x.iso', { storage: 'local', node: 'pve1', volid: 'local:iso/x.iso' }],
    ['volume/pve1/zfs:vm-1-disk-0', { storage: 'zfs', node: 'pve1', volid: 'zfs:vm-1-disk-0' }],
  ])('the row %s is told as its volume', (row, volume) => expect(volumeOfRow(row)).toEqual(volume));
});
