import type { Behaviours, Call } from '../behaviour.ts';
import type { Row } from '../state/model.ts';
import { nodeOf, offered, textParam } from './common.ts';

/** Devices that can be passed through to guests. */
export const hardware: Behaviours = {
  'GET /nodes/{node}/hardware/pci': pci,
  'GET /nodes/{node}/hardware/usb': (call) => nodeOf(call).usb,
  'GET /nodes/{node}/hardware/pci/{pci-id-or-mapping}/mdev': () => [],
};

/** Memory controllers, bridges and processors are hidden unless the list of hidden classes is given as empty. */
function pci(call: Call): Row[] {
  const node = nodeOf(call);
  const hidden = (textParam(call, 'pci-class-blacklist') ?? '05;06;0b').split(/[,; ]+/).filter((name) => name !== '');
  return offered(node, 'pci', node.pci).filter(
    (row) => !hidden.some((prefix) => String(row['class']).replace(/^0x/, '').startsWith(prefix)),
  );
}
