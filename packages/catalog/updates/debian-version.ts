/** A version of a Debian package, parted: `1:9.2.12-3~deb13u1` is epoch 1, upstream 9.2.12, revision 3~deb13u1. */
function partsOf(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch, rest = version] = /^(\d+):(.*)$/.exec(version) ?? [];
  const at = rest.lastIndexOf('-');
  return {
    epoch: Number(epoch ?? 0),
    upstream: at < 0 ? rest : rest.slice(0, at),
    revision: at < 0 ? '' : rest.slice(at + 1),
  };
}

/** Where a letter stands in Debian's order: `~` before the end, letters before all else. */
function rankOf(letter: string | undefined): number {
  if (letter === '~') return -1;
  if (letter === undefined || /\d/.test(letter)) return 0;
  return /[A-Za-z]/.test(letter) ? letter.charCodeAt(0) : letter.charCodeAt(0) + 256;
}

/** Runs of other letters by rank and runs of digits by number, in turn (deb-version(7)). */
function compareParts(a: string, b: string): number {
  let [left, right] = [a, b];
  while (left !== '' || right !== '') {
    while (startsOther(left) || startsOther(right)) {
      const order = rankOf(left[0]) - rankOf(right[0]);
      if (order !== 0) return order;
      [left, right] = [left.slice(1), right.slice(1)];
    }
    const [digits = '', others = ''] = [/^\d*/.exec(left)?.[0], /^\d*/.exec(right)?.[0]];
    const order = compareNumbers(digits, others);
    if (order !== 0) return order;
    [left, right] = [left.slice(digits.length), right.slice(others.length)];
  }
  return 0;
}

const startsOther = (text: string): boolean => /^\D/.test(text);

/** Numbers of any length, leading zeros aside. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Which of two versions of a Debian package is newer: above 0 where `a` is, 0 where they are the same (deb-version(7)). */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  if (left.epoch !== right.epoch) return left.epoch - right.epoch;
  return compareParts(left.upstream, right.upstream) || compareParts(left.revision, right.revision);
}
