/**
 * How far a line of a task's log says that it has come, 1 = 100%; undefined for a line that says nothing of it. A task
 * that copies several disks begins anew with each.
 *
 * The forms are those of qemu-img and block jobs, vzdump, restores, migrations of memory, and downloads (qemu-server
 * QemuServer.pm, VZDump/QemuServer.pm, QemuMigrate.pm; pve-storage Download; pve-container VZDump).
 */
export function progressOf(line: string): number | undefined {
  for (const form of FORMS) {
    const found = form.exec(line);
    if (found !== null) return Math.min(1, Number(found[1]) / 100);
  }
  return memoryMoved(line);
}

const FORMS: readonly RegExp[] = [
  // transferred 13.4 GiB of 32.0 GiB (42.00%), with drive-scsi0: or mirror-scsi0: ahead, with " in 10s" behind
  /transferred:? [^()]*\((\d+(?:\.\d+)?)%\)/,
  // INFO:  42% (13.4 GiB of 32.0 GiB) in 1m 3s, read: 210.3 MiB/s, write: 208.1 MiB/s
  /^INFO: +(\d+(?:\.\d+)?)% \(/,
  // progress 42% (read 14428405760 bytes, duration 31 sec)
  /^progress (\d+)%/,
  // (42.00/100%), of qemu-img itself
  /^ *\((\d+\.\d+)\/100%\)/,
  //   1024K ........ ........ ........ ........  3% 10.5M 2m3s, of wget
  /^ *\d+[KMG] [. ]+ (\d+)% /,
];

const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** `migration active, transferred 1.2 GiB of 4.0 GiB VM-state, 110.0 MiB/s` tells amounts alone. */
function memoryMoved(line: string): number | undefined {
  const found = /transferred ([\d.]+) ([KMGT]?i?B) of ([\d.]+) ([KMGT]?i?B) VM-state/.exec(line);
  if (found === null) return undefined;
  const [, done, doneUnit = '', all, allUnit = ''] = found;
  const [now, whole] = [Number(done) * (UNITS[doneUnit] ?? 1), Number(all) * (UNITS[allUnit] ?? 1)];
  return whole > 0 ? Math.min(1, now / whole) : undefined;
}
