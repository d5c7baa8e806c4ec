import { isOver, OS_ENDS } from '../eol.ts';
import { eachTarget } from '../judge.ts';
import type { Rule } from '../rule.ts';
import { guestLook, isContainer, isVm } from './guest-looks.ts';

/** Rules about how guests are set up. */
export const guestSetupRules: readonly Rule[] = [
  {
    id: 'container.privileged',
    kind: 'configuration',
    title: 'Containers are unprivileged',
    about: 'guest',
    grade: 'high',
    looks: [guestLook('unprivileged')],
    judge: eachTarget({
      when: isContainer,
      needs: ['unprivileged'],
      fault: (row, name) =>
        row.value('unprivileged') === false
          ? { text: `${name} is privileged: root in it is root on the node where it breaks out.` }
          : undefined,
    }),
    remedy: 'Back it up, and restore the backup as an unprivileged container.',
    controls: ['CIS 4.1', 'SOC2 CC6.1'],
  },
  {
    id: 'vm.cloud_password',
    kind: 'configuration',
    title: 'Cloud-init sets no password',
    about: 'guest',
    grade: 'medium',
    looks: [guestLook('cloud_password')],
    judge: eachTarget({
      when: isVm,
      needs: ['cloud_password'],
      fault: (row, name) =>
        row.value('cloud_password') === true
          ? { text: `Cloud-init gives ${name} a password, which every clone of it shares.` }
          : undefined,
    }),
    remedy: 'Give cloud-init an SSH key, and remove the password: VM → Cloud-Init.',
    controls: ['CIS 5.2', 'SOC2 CC6.1'],
  },
  {
    id: 'vm.no_ssh_key',
    kind: 'configuration',
    title: 'Where cloud-init sets a VM up, it gives it an SSH key',
    about: 'guest',
    grade: 'low',
    looks: [guestLook('cloudinit', 'sshkeys')],
    judge: eachTarget({
      when: (row) => isVm(row) && row.value('cloudinit') !== false,
      needs: ['cloudinit', 'sshkeys'],
      fault: (row, name) => (row.value('sshkeys') === 0 ? { text: `Cloud-init gives ${name} no SSH key.` } : undefined),
    }),
    remedy: 'Set an SSH key: VM → Cloud-Init.',
    controls: ['CIS 5.2', 'SOC2 CC6.1'],
  },
  {
    id: 'vm.no_agent',
    kind: 'configuration',
    title: 'VMs have their guest agent switched on',
    about: 'guest',
    grade: 'low',
    looks: [guestLook('agent')],
    judge: eachTarget({
      when: isVm,
      needs: ['agent'],
      fault: (row, name) =>
        row.value('agent') === false
          ? { text: `The guest agent of ${name} is off: backups cannot bring its file systems to rest.` }
          : undefined,
    }),
    remedy: 'Install qemu-guest-agent in it, and switch the agent on.',
    fix: { action: 'guest.agent_on', on: 'target' },
    controls: ['CIS 11.2', 'SOC2 A1.2'],
  },
  {
    id: 'vm.no_secure_boot',
    kind: 'configuration',
    title: 'VMs boot by UEFI with secure boot',
    about: 'guest',
    grade: 'low',
    looks: [guestLook('secure_boot', 'bios')],
    judge: eachTarget({
      when: isVm,
      needs: ['secure_boot', 'bios'],
      fault: (row, name) => {
        if (row.value('secure_boot') === true) return undefined;
        const isUefi = row.value('bios') === 'ovmf';
        const why = isUefi ? 'its EFI disk has no keys enrolled' : 'it boots by SeaBIOS';
        return { text: `${name} starts whatever stands on its disk, signed or not: ${why}.` };
      },
    }),
    remedy:
      'Set its BIOS to OVMF with an EFI disk that has pre-enrolled keys; check before that what it runs can boot so.',
    controls: ['CIS 4.1', 'SOC2 CC6.8'],
  },
  {
    id: 'vm.no_tpm',
    kind: 'configuration',
    title: 'VMs have a TPM',
    about: 'guest',
    grade: 'low',
    looks: [guestLook('tpm', 'ostype')],
    judge: eachTarget({
      when: isVm,
      needs: ['tpm', 'ostype'],
      fault: (row, name) => {
        if (row.value('tpm') === true) return undefined;
        return row.value('ostype') === 'win11'
          ? { text: `${name} runs a Windows that asks for a TPM, and has none.`, grade: 'medium' }
          : { text: `${name} has no TPM to keep the keys of its disks in.` };
      },
    }),
    remedy: 'Add a TPM state: VM → Hardware → Add → TPM State, version 2.0.',
    controls: ['CIS 4.1', 'SOC2 CC6.1'],
  },
  {
    id: 'guest.os_ended',
    kind: 'vulnerability',
    title: 'Guests run systems that still get security fixes',
    about: 'guest',
    grade: 'high',
    looks: [guestLook('ostype')],
    judge: eachTarget({
      needs: ['ostype'],
      fault: (row, name, { now }) => {
        const end = OS_ENDS[String(row.value('ostype'))];
        if (end === undefined || !isOver(end, now)) return undefined;
        return { text: `${name} is set up for ${end.name}, which has got no security fixes since ${end.from}.` };
      },
    }),
    remedy: 'Move what it does to a system that is supported; until then, let nothing but what needs it reach it.',
    controls: ['CIS 2.2', 'SOC2 CC7.1'],
  },
];
