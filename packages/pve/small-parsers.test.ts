import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSize, parseSize } from './size.ts';
import { parseTags, storedTags, tagProblem } from './tags.ts';
import { archiveInfo, parseVolid, parseVolname, storedFilename } from './volid.ts';

const text = fc.string({ unit: 'binary' });

describe('sizes', () => {
  test('print and read back', () => {
    const bytes = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(bytes, (size) => {
        expect(parseSize(formatSize(size))).toBe(size);
      }),
    );
  });

  test('any text is a size or null', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(parseSize(value) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('tags', () => {
  test('that are stored stay as they are', () => {
    const tags = fc.array(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,5}$/)).map((list) => list.join(';'));
    fc.assert(
      fc.property(tags, (value) => {
        const stored = storedTags(value);
        expect(storedTags(stored)).toBe(stored);
        expect(tagProblem(stored)).toBeUndefined();
      }),
    );
  });

  test('are read from any text', () => {
    expect(parseTags('b;a, c')).toEqual(['b', 'a', 'c']);
    expect(parseTags(undefined)).toEqual([]);
    fc.assert(
      fc.property(text, (value) => {
        expect(parseTags(value)).not.toContain('');
      }),
    );
  });
});

describe('volumes', () => {
  const types = ['dir', 'nfs', 'lvm', 'lvmthin', 'zfspool', 'rbd', 'pbs', 'esxi', 'iscsi', 'iscsidirect', 'other'];

  test('any name is one, or refused with a text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), text, (type, name) => {
        expect(named(() => parseVolname(type, name).name)).toBeTypeOf('string');
        expect(named(() => archiveInfo(name).filename)).toBeTypeOf('string');
        expect(storedFilename(name)).toMatch(/^[a-zA-Z0-9_.-]*$/);
        parseVolid(name);
      }),
    );
  });

  test('an archive of a day that there is not', () => {
    expect(named(() => archiveInfo('vzdump-qemu-100-2026_02_30-02_00_00.vma').filename)).toBe(
      "Day '30' out of range 1..28",
    );
    expect(archiveInfo('vzdump-qemu-100-2026_02_28-02_00_00.vma.zst').ctime).toBe(Date.UTC(2026, 1, 28, 2) / 1000);
  });

  test('an id is the storage and the name', () => {
    expect(parseVolid('local:iso/a.iso')).toEqual({ storage: 'local', volname: 'iso/a.iso' });
    expect(parseVolid('a:b')).toBeUndefined();
  });
});

function named(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && /\n$|out of range/.test(error.message)) return error.message;
    throw error;
  }
}
