import { expect, test } from 'vitest';
import type { Check } from '../generated.ts';
import { checkAnsible } from './ansible.ts';
import { scoreOf } from './check.ts';
import { checkCloudInit } from './cloud-init.ts';
import { checkTerraform } from './terraform.ts';

const failing = (checks: readonly Check[]): string[] => checks.filter(({ passed }) => !passed).map(({ name }) => name);

const VM = 'resource "proxmox_virtual_environment_vm" "a" {\n  node_name = "n"\n}\n';
const SCHEMA = 'has what the provider requires, and nothing that it does not know';

const TERRAFORM: [what: string, code: string, failed: string[], score: number][] = [
  ['what is right', VM, [], 100],
  ['what is no HCL', 'resource "a" {', ['parses'], 0],
  ['what lacks a required attribute', 'resource "proxmox_virtual_environment_vm" "a" {}', [SCHEMA], 75],
  ['an attribute that there is none of', VM.replace('}', '  ram = 4\n}'), [SCHEMA], 75],
  ['an attribute of another type', VM.replace('}', '  protection = "maybe"\n}'), [SCHEMA], 75],
  ['a disk without an interface', VM.replace('}', '  disk {}\n}'), [SCHEMA], 75],
  ['a resource that there is none of', 'resource "proxmox_vm" "a" {}', [SCHEMA], 75],
  ['a variable that is not declared', VM.replace('"n"', 'var.node'), ['refers to what there is'], 80],
  [
    'a resource that is not declared',
    `${VM}locals {\n  x = proxmox_virtual_environment_vm.b.vm_id\n}\n`,
    ['refers to what there is'],
    80,
  ],
  ['a label twice', VM + VM, ['names nothing twice'], 90],
  [
    'an id twice',
    VM.replace('}', '  vm_id = 100\n}') + VM.replace('"a"', '"b"').replace('}', '  vm_id = 100\n}'),
    ['names nothing twice'],
    90,
  ],
  ['an id that no Proxmox takes', VM.replace('}', '  vm_id = 7\n}'), ['has values in sensible ranges'], 90],
  [
    'a secret',
    VM.replace('}', '  initialization {\n    user_account {\n      password = "x"\n    }\n  }\n}'),
    ['holds no secrets'],
    95,
  ],
];

test.each(TERRAFORM)('Terraform: %s', async (_, code, failed, score) => {
  const checks = await checkTerraform(code);
  expect(failing(checks)).toEqual(failed);
  expect(scoreOf(checks)).toBe(score);
});

const CLOUD =
  '#cloud-config\nhostname: a\nmanage_etc_hosts: true\nssh_pwauth: false\ndisable_root: true\npackage_update: true\npackage_upgrade: true\n';
const KNOWN = 'says what cloud-init knows, and nothing else';
const CLOUD_INIT: [what: string, code: string, failed: string[]][] = [
  ['what is right', CLOUD, []],
  ['what is no YAML', `${CLOUD}a: [`, ['parses']],
  ['a key twice', `${CLOUD}hostname: b\n`, ['parses']],
  ['another head', CLOUD.replace('#cloud-config', '#!/bin/sh'), ['is headed as cloud-init wants it']],
  ['a key that there is none of', `${CLOUD}package: x\n`, [KNOWN]],
  ['a value of another type', CLOUD.replace('false', 'sometimes'), [KNOWN]],
];
test.each(CLOUD_INIT)('cloud-init: %s', (_, code, failed) => {
  expect(failing(checkCloudInit(code))).toEqual(failed);
});

const PLAY =
  '- name: a\n  hosts: localhost\n  vars:\n    x: 1\n  tasks:\n    - name: b\n      ansible.builtin.copy:\n        dest: /x\n        content: "{{ x }}"\n';
const CALLS = 'calls modules as they are documented';
const ANSIBLE: [what: string, code: string, failed: string[]][] = [
  ['what is right', PLAY, []],
  ['what is no YAML', `${PLAY}  : :\n  -`, ['parses']],
  ['a play without hosts', PLAY.replace('  hosts: localhost\n', ''), ['is made of plays and tasks']],
  ['a module that is not known', PLAY.replace('ansible.builtin.copy', 'copy'), [CALLS]],
  ['an option that there is none of', PLAY.replace('dest: /x', 'dest: /x\n        size: 3'), [CALLS]],
  ['an option that is missing', PLAY.replace('        dest: /x\n', ''), [CALLS]],
  ['a variable that is not set', PLAY.replace('{{ x }}', '{{ y }}'), ['refers to what there is']],
  ['a text that is no template', PLAY.replace('"{{ x }}"', '!unsafe "{{ y }}"'), []],
];
test.each(ANSIBLE)('Ansible: %s', (_, code, failed) => {
  expect(failing(checkAnsible(code))).toEqual(failed);
});
