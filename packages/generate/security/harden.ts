import { mergedSetup, softwareSetup } from '../software/setup.ts';
import type { Guest, Measure, Setup, Specification } from '../specification.ts';
import { systemOf } from '../systems/systems.ts';

/** A demand on guests: whether it is on one, what it changes, and which controls it serves. */
interface Hardening extends Measure {
  /** Of what is asked for, what brings it in. */
  readonly when: (guest: Guest, compliance: Specification['compliance']) => boolean;
  readonly change: (guest: Guest) => Guest;
}

type When = Hardening['when'];
const isLinux: When = (guest) => systemOf(guest)?.packages !== null;
const isStrict: When = ({ environment }, compliance) => environment === 'production' || compliance.length > 0;
const both =
  (...all: readonly When[]): When =>
  (guest, compliance) =>
    all.every((each) => each(guest, compliance));
const within = (guest: Guest, more: Partial<Setup>): Guest => ({ ...guest, setup: mergedSetup([guest.setup, more]) });
const isDnf = (guest: Guest): boolean => systemOf(guest)?.packages === 'dnf';

const SSHD = `PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
MaxAuthTries 4
LoginGraceTime 60
ClientAliveInterval 300
X11Forwarding no
`;
const AUTO_UPGRADES = `APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
`;
const AUDIT_RULES = `-w /etc/passwd -p wa -k identity
-w /etc/shadow -p wa -k identity
-w /etc/group -p wa -k identity
-w /etc/sudoers -p wa -k scope
-w /etc/sudoers.d/ -p wa -k scope
-w /etc/ssh/ -p wa -k sshd
-w /var/log/lastlog -p wa -k logins
`;

/**
 * What environments and frameworks ask for, each with the controls that it serves: CIS Controls v8 (safeguards) and the
 * Trust Services Criteria of SOC 2.
 */
const HARDENING: readonly Hardening[] = [
  {
    code: 'ssh.keys_only',
    says: 'Nobody logs in over SSH with a password, and nobody as root.',
    controls: ['CIS 5.4', 'CIS 6.5', 'SOC2 CC6.1'],
    when: both(isLinux, isStrict, ({ password_login: isAsked }) => !isAsked),
    change: (guest) =>
      within(guest, {
        files: [
          { path: '/etc/ssh/sshd_config.d/10-hardening.conf', content: SSHD, mode: '0600', why: 'SSH by key alone.' },
        ],
        commands: [['systemctl', 'reload', isDnf(guest) ? 'sshd' : 'ssh']],
      }),
  },
  {
    code: 'updates.automatic',
    says: 'Security updates are installed by themselves.',
    controls: ['CIS 7.3', 'SOC2 CC7.1'],
    when: both(isLinux, isStrict),
    change: (guest) =>
      isDnf(guest)
        ? within(guest, {
            packages: ['dnf-automatic'],
            services: ['dnf-automatic-install.timer'],
          })
        : within(guest, {
            packages: ['unattended-upgrades'],
            files: [
              {
                path: '/etc/apt/apt.conf.d/20auto-upgrades',
                content: AUTO_UPGRADES,
                mode: '0644',
                why: 'Security updates every day.',
              },
            ],
          }),
  },
  {
    code: 'audit.on',
    says: 'Changes to users, rights and logins are recorded.',
    controls: ['CIS 8.2', 'CIS 8.5', 'SOC2 CC7.2'],
    when: both(isLinux, (guest, compliance) => guest.kind === 'vm' && compliance.length > 0),
    change: (guest) =>
      within(guest, {
        packages: [isDnf(guest) ? 'audit' : 'auditd'],
        services: ['auditd'],
        files: [
          {
            path: '/etc/audit/rules.d/10-identity.rules',
            content: AUDIT_RULES,
            mode: '0640',
            why: 'Who changed users and rights.',
          },
        ],
      }),
  },
  {
    code: 'time.synchronised',
    says: 'Its clock is kept right, so that logs of several machines fit together.',
    controls: ['CIS 8.4', 'SOC2 CC7.2'],
    when: both(isLinux, (guest, compliance) => guest.kind === 'vm' && compliance.length > 0),
    change: (guest) => within(guest, { packages: ['chrony'], services: [isDnf(guest) ? 'chronyd' : 'chrony'] }),
  },
  {
    code: 'firewall.drop',
    says: 'What no rule allows in is dropped.',
    controls: ['CIS 4.4', 'CIS 13.4', 'SOC2 CC6.6'],
    when: isStrict,
    change: (guest) => ({
      ...guest,
      firewall: { output: 'ACCEPT', rules: [], ...guest.firewall, enabled: true, input: 'DROP' },
      nics: guest.nics.map((nic) => ({ ...nic, firewall: true })),
    }),
  },
  {
    code: 'backup.daily',
    says: 'It is backed up every day.',
    controls: ['CIS 11.2', 'SOC2 A1.2'],
    when: isStrict,
    change: (guest) => ({ ...guest, backups: guest.backups ?? { schedule: '02:00', keep: 14 } }),
  },
  {
    code: 'protection.on',
    says: 'It and its disks cannot be removed by mistake.',
    controls: ['CIS 3.3', 'SOC2 A1.2'],
    when: ({ environment }) => environment === 'production',
    change: (guest) => ({ ...guest, protection: true, on_boot: true }),
  },
];

/** A specification with all that its software, environment and frameworks bring with them, and what could not be had. */
export function completed(specification: Specification): {
  specification: Specification;
  missing: readonly { readonly what: string; readonly why: string }[];
} {
  const { compliance } = specification;
  const taken = new Map<string, Measure>();
  const missing: { what: string; why: string }[] = [];
  const guests = specification.guests.map((guest) => {
    const found = softwareSetup(guest);
    missing.push(...found.missing.map(({ what, why }) => ({ what: `${guest.name}: ${what}`, why })));
    return HARDENING.filter(({ code, when }) => guest.demands.includes(code) || when(guest, compliance)).reduce(
      (made, { code, says, controls, change }) => {
        taken.set(code, { code, says, controls: [...controls] });
        return change(made);
      },
      { ...guest, setup: found.setup },
    );
  });
  return { specification: { ...specification, guests, measures: [...taken.values()] }, missing };
}
