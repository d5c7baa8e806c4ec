import { asObject } from '@pxa/pve/values';
import { baseText, type ColumnDef, type DetailReader, flag } from '../kit/index.ts';
import { guestParams, isVm } from '../guests/rows.ts';

/** A guest's firewall options: one call for each guest that the question is about. */
export const guestFirewallOf: DetailReader = async (reading, row) => {
  if (baseText(row, 'status') === 'unknown') return { unknown: `node ${baseText(row, 'node')} does not answer` };
  const params = guestParams(row);
  const got = isVm(row)
    ? await reading.read('/nodes/{node}/qemu/{vmid}/firewall/options', params)
    : await reading.read('/nodes/{node}/lxc/{vmid}/firewall/options', params);
  return got.ok ? { data: asObject(got.data) ?? {}, at: got.at } : { unknown: got.why };
};

/** Whether a guest's own firewall is switched on; it takes effect only while the datacenter's is on, too. */
export const guestFirewallColumn: ColumnDef = flag('FIREWALL', 'enable', {
  from: 'firewall',
  absent: false,
  words: 'firewall|guest firewall|vm firewall',
  yes: 'firewalled|behind a firewall|behind the firewall|protected by a firewall|protected by the firewall',
  no: 'unfirewalled|not firewalled|(have|has|having) no firewall (of (its|their) own)? (switched on|turned on|on|enabled|active)?|(do|does) not have (a)? firewall (of (its|their) own)? (switched on|turned on|on|enabled|active)?|without a firewall|without firewall|with no firewall|not behind a firewall',
});
