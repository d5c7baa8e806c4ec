import type { Issue, SecurityAnalysis } from '../generated.ts';
import type { FirewallRule, Guest, Specification } from '../specification.ts';
import { systemOf } from '../systems/systems.ts';

/** Something that a guest should not be, or lack. Where a security scan has the rule too, it has its name, severity and controls. */
interface Rule extends Omit<Issue, 'target'> {
  readonly isSo: (guest: Guest, at: { readonly today: string; readonly hasKeys: boolean }) => boolean;
}

/** Ports that nobody on the internet has any business with. */
const PRIVATE_PORTS =
  '22 23 25 135 139 445 1433 2049 2375 2376 3306 3389 5432 5672 5900 6379 9090 9100 9200 11211 27017'
    .split(' ')
    .map(Number);
const WORLD = new Set(['0.0.0.0/0', '::/0', '']);
const isLinux = (guest: Guest): boolean => systemOf(guest)?.packages !== null;
const isNew = ({ source }: Guest): boolean => source.from !== 'existing';

function isOpenToAll({ enabled, direction, action, source, ports }: FirewallRule): boolean {
  const isAnyone = (source ?? '').split(',').some((each) => WORLD.has(each.trim()));
  const isPrivate = ports === null || ports.split(',').some(holdsPrivate);
  return enabled && direction === 'in' && action === 'ACCEPT' && isAnyone && isPrivate;
}

/** A port, or a range of them (`20:30`), that holds a private one, or more than a service needs. */
function holdsPrivate(ports: string): boolean {
  const [first = 0, last = first] = ports.split(':').map(Number);
  return last - first > 1000 || PRIVATE_PORTS.some((port) => first <= port && port <= last);
}

const RULES: readonly Rule[] = [
  {
    rule: 'guest.open_port',
    severity: 'high',
    title: 'A rule lets every address reach a service that is for its own networks alone.',
    remedy: 'Give the rule a source: a network, an alias or an IP set.',
    controls: ['CIS 4.4', 'SOC2 CC6.6'],
    isSo: ({ firewall }) =>
      firewall?.rules.some((rule) => rule.protocol !== 'icmp' && rule.macro === null && isOpenToAll(rule)) === true,
  },
  {
    rule: 'guest.firewall_off',
    severity: 'medium',
    title: 'Its firewall is off.',
    remedy: 'Ask for a firewall, or say which ports are to be reached.',
    controls: ['CIS 4.4', 'SOC2 CC6.6'],
    // Of a guest that is there and whose firewall is not in the code, nothing is known of it.
    isSo: (guest) => (guest.firewall === null ? isNew(guest) : !guest.firewall.enabled),
  },
  {
    rule: 'guest.firewall_accepts',
    severity: 'high',
    title: 'Its firewall accepts what no rule speaks of.',
    remedy: 'Set the policy for incoming traffic to DROP.',
    controls: ['CIS 4.4', 'SOC2 CC6.6'],
    isSo: ({ firewall }) => firewall?.enabled === true && firewall.input === 'ACCEPT',
  },
  {
    rule: 'guest.firewall_nic',
    severity: 'medium',
    title: 'An interface is not behind the firewall.',
    remedy: 'Switch the firewall on for each of its interfaces.',
    controls: ['CIS 4.4', 'SOC2 CC6.6'],
    isSo: ({ firewall, nics }) => firewall?.enabled === true && nics.some((nic) => !nic.firewall),
  },
  {
    rule: 'vm.cloud_password',
    severity: 'medium',
    title: 'It accepts passwords over SSH.',
    remedy: 'Log in by key alone.',
    controls: ['CIS 5.2', 'SOC2 CC6.1'],
    isSo: ({ password_login: isPassword }) => isPassword,
  },
  {
    rule: 'vm.no_ssh_key',
    severity: 'medium',
    title: 'Nobody can log in: it knows no public key.',
    remedy: 'Say the public SSH key of whoever is to log in.',
    controls: ['CIS 5.2', 'SOC2 CC6.1'],
    isSo: (guest, { hasKeys }) => isNew(guest) && isLinux(guest) && !hasKeys,
  },
  {
    rule: 'container.privileged',
    severity: 'high',
    title: 'A privileged container: root in it is root on the node.',
    remedy: 'Make it unprivileged, or a VM.',
    controls: ['CIS 4.1', 'SOC2 CC6.1'],
    isSo: ({ kind, unprivileged }) => kind === 'container' && !unprivileged,
  },
  {
    rule: 'guest.not_backed_up',
    severity: 'medium',
    title: 'Production without a backup.',
    remedy: 'Ask for daily backups.',
    controls: ['CIS 11.2', 'SOC2 A1.2'],
    isSo: ({ environment, backups }) => environment === 'production' && backups === null,
  },
  {
    rule: 'guest.unprotected',
    severity: 'low',
    title: 'Production that can be removed by mistake.',
    remedy: 'Ask for protection from deletion.',
    controls: ['SOC2 CC8.1'],
    isSo: ({ environment, protection }) => environment === 'production' && !protection,
  },
  {
    rule: 'guest.os_ended',
    severity: 'high',
    title: 'Its system gets no security updates any more.',
    remedy: 'Name a newer version of it.',
    controls: ['CIS 2.2', 'SOC2 CC7.1'],
    isSo: (guest, { today }) => (systemOf(guest)?.endOfLife ?? '9999') < today,
  },
  {
    rule: 'guest.no_certificate',
    severity: 'low',
    title: 'A web server without a certificate: what it says can be read and changed on the way.',
    remedy: 'Ask for a certificate, and name its domain.',
    controls: ['CIS 3.10', 'SOC2 CC6.7'],
    isSo: ({ tls, software }) => tls === null && software.some((id) => WEB.has(id)),
  },
];

const WEB = new Set(['nginx', 'apache', 'caddy', 'wordpress']);

/** What is no fault, and could be better still. */
const ADVICE: readonly (readonly [says: string, isSo: (guest: Guest) => boolean])[] = [
  ['Consider enabling automatic security updates.', (guest) => isNew(guest) && isLinux(guest) && !hasUpdates(guest)],
  [
    'Consider a certificate that browsers trust: name the domain, and it comes from Let’s Encrypt.',
    ({ tls }) => tls?.from === 'self_signed',
  ],
  ['Consider daily backups.', ({ backups, environment }) => backups === null && environment !== 'production'],
  [
    'Consider the guest agent: without it, stopping is not polite and backups are not consistent.',
    ({ kind, agent }) => kind === 'vm' && !agent,
  ],
  [
    'Consider UEFI with secure boot and a TPM where the system allows it.',
    ({ kind, hardware }) => kind === 'vm' && hardware.tpm === null,
  ],
];

const hasUpdates = ({ setup }: Guest): boolean =>
  setup.packages.some((name) => name === 'unattended-upgrades' || name === 'dnf-automatic');

/** What of a specification is a risk. `hasKeys`: whoever runs the code is asked for the keys that may log in. */
export function analyse(
  { guests }: Specification,
  { today, asksForKeys }: { today: string; asksForKeys: boolean },
): SecurityAnalysis {
  const issues = guests.flatMap((guest) => {
    const at = { today, hasKeys: asksForKeys || guest.ssh_keys.length > 0 };
    return RULES.filter(({ isSo }) => isSo(guest, at)).map(({ rule, severity, title, remedy, controls }) => ({
      rule,
      severity,
      target: guest.name,
      title,
      remedy,
      controls,
    }));
  });
  const found = issues.filter(({ severity }) => severity !== 'low');
  const low = issues
    .filter(({ severity }) => severity === 'low')
    .map(({ target, title, remedy }) => `${target}: ${title} ${remedy}`);
  const advice = ADVICE.filter(([, isSo]) => guests.some((guest) => isSo(guest))).map(([says]) => says);
  return { passed: found.length === 0, issues: found, recommendations: [...new Set([...low, ...advice])] };
}
