/** What Perl's Net::IP makes of an address, a prefix or a range, as far as the firewall asks it. */

/** A refusal in the words of Net::IP::Error. */
export class NetIpError extends Error {}

function fail(text: string): never {
  throw new NetIpError(text);
}

type Version = 4 | 6;
const BITS = { 4: 32, 6: 128 } as const;

function checkIpv4(ip: string): void {
  if (!/^[\p{Nd}.]+\n?$/u.test(ip)) fail(`Invalid chars in IP ${ip}`);
  if (ip.startsWith('.')) fail(`Invalid IP ${ip} - starts with a dot`);
  if (/\.\n?$/.test(ip)) fail(`Invalid IP ${ip} - ends with a dot`);
  const quads = ip.split('.');
  if (quads.length > 4) fail(`Invalid IP address ${ip}`);
  if (ip.includes('..')) fail(`Empty quad in IP address ${ip}`);
  const bad = quads.find((quad) => Number.parseInt(quad, 10) >= 256);
  if (bad !== undefined) fail(`Invalid quad in IP address ${ip} - ${bad}`);
}

function isIpv4(ip: string): boolean {
  try {
    checkIpv4(ip);
    return true;
  } catch {
    return false;
  }
}

function checkIpv6(ip: string): void {
  let colons = ip.split(':').length - 1;
  if (colons < 1 || colons > 7) fail('');
  const last = colons;
  ip.split(':').forEach((group, i) => {
    if (group === '' || /^[a-f\d]{1,4}$/i.test(group)) return;
    if (i === last && isIpv4(group)) colons++;
    else fail(`Invalid IP address ${ip}`);
  });
  if (/^:[^:]/.test(ip)) fail(`Invalid address ${ip} (starts with :)`);
  if (/[^:]:$/.test(ip)) fail(`Invalid address ${ip} (ends with :)`);
  if ((ip.match(/:(?=:)/g) ?? []).length > 1) fail(`Invalid address ${ip} (More than one :: pattern)`);
  if (colons !== 7 && !ip.includes('::')) fail(`Invalid number of octets ${ip}`);
}

function versionOf(ip: string): Version {
  if (ip.includes(':')) {
    checkIpv6(ip);
    return 6;
  }
  checkIpv4(ip);
  return 4;
}

function expandIpv4(ip: string): string {
  const quads = ip.trim().split('.');
  if (quads.length > 4 || quads.some((quad) => !/^\d{1,3}$/.test(quad))) fail(`Not a valid IPv4 address ${ip}`);
  return [...quads.map(Number), 0, 0, 0, 0].slice(0, 4).join('.');
}

function expandIpv6(ip: string): string {
  const [head = '', tail] = ip.split('::');
  const groups = (text: string): string[] =>
    text
      .split(':')
      .filter((group) => group !== '')
      .flatMap((group) => {
        if (!group.includes('.')) return [group.toLowerCase().padStart(4, '0')];
        const [a = 0, b = 0, c = 0, d = 0] = expandIpv4(group).split('.').map(Number);
        return [a * 256 + b, c * 256 + d].map((pair) => pair.toString(16).padStart(4, '0'));
      });
  const front = groups(head);
  if (tail === undefined) return front.join(':');
  const back = groups(tail);
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0000');
  return [...front, ...zeros, ...back].join(':');
}

function expand(ip: string, version: Version): string {
  return version === 4 ? expandIpv4(ip) : expandIpv6(ip);
}

function binary(expanded: string, version: Version): string {
  const [separator, radix, width] = version === 4 ? (['.', 10, 8] as const) : ([':', 16, 16] as const);
  return expanded
    .split(separator)
    .map((part) => (Number.parseInt(part, radix) || 0).toString(2).padStart(width, '0'))
    .join('');
}

function checkPrefix(bits: string, prefix: string, version: Version): void {
  const length = Number.parseInt(prefix, 10);
  if (length > bits.length) fail(`Prefix length ${prefix} is longer than IP address (${bits.length})`);
  if (!/^0*$/.test(bits.slice(length))) fail(`Invalid prefix ${bits}/${prefix}`);
  if (bits.length !== BITS[version]) fail(`Invalid prefix length /${prefix}`);
}

/** An address, or an address and what is added to it (`10.0.0.1+5`). */
function singleVersion(text: string): Version {
  const [, ip = text, added] = /^(.+?)\+(.+)$/.exec(text) ?? [];
  const version = versionOf(ip);
  expand(ip, version);
  if (added !== undefined) expand(added, version);
  return version;
}

/** The IP version of an address, a prefix (`10.0.0.0/8`) or a range (`10.0.0.1-10.0.0.9`). Throws NetIpError. */
export function netIpVersion(text: string): Version {
  const prefixed = /^(\S+?)\/(\S+)$/.exec(text);
  if (prefixed) {
    const [, ip = '', length = ''] = prefixed;
    const version = versionOf(ip);
    const bits = binary(expand(ip, version), version);
    // A prefix that is no number is not looked at.
    if (/^\d+$/.test(length)) checkPrefix(bits, length, version);
    return version;
  }
  const range = /^(.+?)\s*-\s*(.+)$/.exec(text);
  if (!range) return singleVersion(text);
  const version = versionOf(range[1] ?? '');
  const [begin, end] = [expand(range[1] ?? '', version), expand(range[2] ?? '', version)];
  if (binary(begin, version) > binary(end, version)) {
    fail(`Begin address is greater than End address ${begin} - ${end}`);
  }
  return version;
}
