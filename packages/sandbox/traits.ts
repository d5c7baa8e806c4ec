/** What the release changes in how the server answers; behaviours that differ by area look at `State.major`. */
export interface Traits {
  major: 8 | 9;
  /** As 9.2: what /version calls `release`. */
  release: string;
  /** Whether the body of an error carries `message` (libpve-http-server-perl 5.2.0, January 2025, so from 8.4 on). */
  messageInJson: boolean;
  /** Whether every refused ticket or token reads `Authentication failed!` (pve-manager 9.1.5). */
  uniformAuthFailure: boolean;
}

/** The traits of a release such as `9.2.11` or `8.4`. */
export function traitsOf(version: string): Traits {
  const [major = 9, minor = 0, patch = 99] = version.split(/[.~-]/).map(Number);
  const from = (wanted: [number, number, number]): boolean => compare([major, minor, patch], wanted) >= 0;
  return {
    major: major <= 8 ? 8 : 9,
    release: `${major}.${minor}`,
    messageInJson: from([8, 4, 0]),
    uniformAuthFailure: from([9, 1, 5]),
  };
}

function compare(a: [number, number, number], b: [number, number, number]): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
