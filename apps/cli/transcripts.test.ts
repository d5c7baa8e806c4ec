import type { Sandbox } from '@pxa/sandbox';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runPxa } from './in-process.ts';

const NOW = Date.UTC(2026, 1, 23, 10);
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ clock: new SandboxClock(NOW, 0) });
});
afterAll(() => sandbox.close());

/** What a person asks, each in the conversation of the one before, and what must stand in the last answer, line by line. */
const transcripts: { asks: string[]; reads: RegExp[] }[] = [
  {
    asks: ['create a new Ubuntu 22.04 VM on pve-node02, 4 cores, 8GB RAM, 80GB disk'],
    reads: [
      /^ *1\. Copy VM 9000 ubuntu-22\.04-cloud to VM 106 ubuntu-2204-new/,
      /cores=4 memory=8192 ipconfig0=ip=dhcp/,
      /disk=scsi0 size=80G/,
      /Id 106: the next free one/,
      /Name ubuntu-2204-new/,
      /Storage local-zfs of pve-node02/,
      /Bridge vmbr0/,
      /It is not started/,
      /^\[REHEARSED\] OK, about \d+ seconds/,
      /^\[APPROVAL REQUIRED\] Nothing has been changed yet\./,
    ],
  },
  {
    asks: ['show me all running VMs on pve-node01'],
    reads: [
      /^\[REST API\] GET \/api2\/json\/\S+ — 200 OK \(\d+ms\)$/,
      /^ *VMID +NAME .*STATUS +CPU +MEM +DISK +UPTIME/,
      /^ *100 +dc01-win2022 .*running +2\/4 +4\.1\/8 GB +32 GB +14d 6h/,
      /^ *101 +app-server-prod .*running +3\/8 +12\.4\/16 GB +120 GB +14d 6h/,
      /^ *102 +db-postgres-01 .*running +4\/8 +28\.1\/32 GB +500 GB +14d 6h/,
      /^ *103 +docker-host-01 .*running +6\/8 +13\.8\/16 GB +200 GB +7d 12h/,
      /^ *105 +monitoring-stack .*running +1\/2 +1\.9\/4 GB +50 GB +14d 6h/,
      /^5 (VMs )?running · 16\/30 vCPUs .*60\.3\/76 GB RAM in use/,
    ],
  },
  {
    asks: ['show me all running VMs on pve-node01', 'which one is using the most memory'],
    reads: [/^ *102 +db-postgres-01 .*28\.1\/32 GB/],
  },
  {
    asks: ['list all containers across the cluster with their resource usage'],
    reads: [
      /^ *200 +nginx-proxy +pve-node01 +running +0\.3\/2 +512\/2048 MB +8 GB/,
      /^ *201 +pihole-primary +pve-node01 +running +0\.1\/1 +128\/512 MB +4 GB/,
      /^ *202 +unbound-dns +pve-node02 +running +0\.1\/1 +96\/512 MB +4 GB/,
      /^ *203 +dev-sandbox +pve-node02 +stopped .*\/4096 MB +20 GB/,
      /^ *204 +wazuh-agent-ct +pve-node03 +running +0\.4\/2 +384\/1024 MB +12 GB/,
      /^4 running · 1 stopped/,
    ],
  },
  {
    asks: ['how are my nodes doing on resources?'],
    reads: [
      /^pve-node01 +online +34% \(16c\) +60\.3\/76 GB \(79%\) +1\.2\/3\.6 TB \(33%\)/,
      /^pve-node02 +online +22% \(16c\) +38\.7\/64 GB \(60%\) +0\.9\/3\.6 TB \(25%\)/,
      /^pve-node03 +online +71% \(16c\) +58\.2\/64 GB \(91%\) +2\.8\/3\.6 TB \(78%\)/,
      /^\[WARNING\] pve-node03 RAM at 91% — 5\.8 GB free/,
    ],
  },
  {
    asks: ['check ZFS health on all nodes'],
    reads: [
      /^pve-node01 +rpool +ONLINE +3\.6 TB +1\.2 TB +12% +2026-02-20 02:00.*clean/,
      /^pve-node01 +backup-pool +ONLINE +7\.2 TB +4\.1 TB +8% +2026-02-19 03:00.*clean/,
      /^pve-node02 +rpool +ONLINE +3\.6 TB +0\.9 TB +6% +2026-02-20 02:00.*clean/,
      /^pve-node03 +rpool +DEGRADED +3\.6 TB +2\.8 TB +31% +2026-02-18 02:00.*errors/,
      /^\[CRITICAL\] pve-node03\/rpool is DEGRADED\. 1 vdev shows read errors/,
      /`zpool status rpool` on pve-node03/,
      /high fragmentation \(31%\)/i,
    ],
  },
  {
    asks: ["what's the cluster HA status?"],
    reads: [
      /tli-prod-cluster.*quorum OK \(3\/3 nodes/i,
      /^vm:100 +started +pve-node01 +ha-group1 +3 +1/,
      /^vm:101 +started +pve-node01 +ha-group1 +3 +1/,
      /^vm:102 +started +pve-node01 +ha-group2 +3 +1/,
      /^ct:200 +started +pve-node01 +ha-group1 +3 +1/,
      /4 HA resources active · 0 fenced · 0 in error state/,
    ],
  },
  {
    asks: ['did all backups complete successfully this week?'],
    reads: [
      /^No\b/,
      /^backup-01 +daily 01:00 +backup-pool +2026-02-23 01:14:32 +OK \(7\/7/,
      /^backup-02 +daily 02:00 +nfs-backup +2026-02-23 02:47:10 +WARN \(6\/7/,
      /^backup-03 +weekly Sun/,
      /^\[WARNING\] backup-02: VM 103 \(docker-host-01\) failed on Feb 21\. Error: "vzdump: backup size 201 GB exceeds storage limit"/,
    ],
  },
];

describe('the conversations that the product is described by', () => {
  test.each(transcripts)('$asks', async ({ asks, reads }) => {
    const env = {
      PXA_PVE_URL: sandbox.url,
      PXA_PVE_TOKEN_ID: sandbox.tokenId,
      PXA_PVE_TOKEN_SECRET: sandbox.tokenSecret,
      PXA_PVE_FINGERPRINT: sandbox.fingerprint,
    };
    const ran = await runPxa([], { stdin: asks.join('\n'), env, now: NOW });
    const lines = ran.stdout.split('\n');
    const lacking = reads.filter((read) => !lines.some((line) => read.test(line)));
    expect({ lacking, shown: lacking.length === 0 ? '' : ran.stdout }).toEqual({ lacking: [], shown: '' });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  });
});
