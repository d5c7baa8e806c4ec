/** When something ends, by the date from which there are no security fixes any more. */
export interface End {
  /** The first day without, ISO 8601. */
  readonly from: string;
  readonly source: string;
}

const PVE_FAQ = 'https://pve.proxmox.com/wiki/FAQ, release support';
const MICROSOFT = 'https://learn.microsoft.com/lifecycle/products';

/** Major versions of Proxmox VE. Of those that are not named here the end has not been announced. */
export const PVE_ENDS: Readonly<Record<string, End>> = {
  4: { from: '2018-07-01', source: PVE_FAQ },
  5: { from: '2020-08-01', source: PVE_FAQ },
  6: { from: '2022-10-01', source: PVE_FAQ },
  7: { from: '2024-08-01', source: PVE_FAQ },
  8: { from: '2026-09-01', source: PVE_FAQ },
};

/**
 * Operating system types of VMs (qemu-server, ostype), each by the last of the systems that the type stands for. `win10`
 * is not here: it stands for Windows Server 2019 too, which is supported until 2029.
 */
export const OS_ENDS: Readonly<Record<string, End & { readonly name: string }>> = {
  wxp: { name: 'Windows XP', from: '2014-04-09', source: MICROSOFT },
  w2k: { name: 'Windows 2000', from: '2010-07-14', source: MICROSOFT },
  w2k3: { name: 'Windows Server 2003', from: '2015-07-15', source: MICROSOFT },
  wvista: { name: 'Windows Vista', from: '2017-04-12', source: MICROSOFT },
  w2k8: { name: 'Windows Server 2008', from: '2020-01-15', source: MICROSOFT },
  win7: { name: 'Windows 7 or Server 2008 R2', from: '2020-01-15', source: MICROSOFT },
  win8: { name: 'Windows 8 or Server 2012 R2', from: '2023-10-11', source: MICROSOFT },
  l24: { name: 'a Linux with kernel 2.4', from: '2012-01-01', source: 'https://www.kernel.org, releases of 2.4' },
};

/** Whether an end has come. `now` is in seconds since 1970. */
export const isOver = ({ from }: End, now: number): boolean => Date.parse(from) / 1_000 <= now;
