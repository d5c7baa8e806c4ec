import { dataset, given, perNode, text } from '../kit/index.ts';

/** The nodes' USB devices. Proxmox shows them only to users with Sys.Modify on /. */
export const usb = dataset({
  id: 'usb',
  title: 'USB devices',
  counted: 'count',
  nouns: [{ words: 'usb device|usb stick|usb port|usb|dongle|usb dongle', title: 'USB devices' }],
  rows: perNode(
    '/nodes/{node}/hardware/usb',
    (node) => ({ node }),
    'USB devices',
    ({ data }, node) => `usb/${node}/${String(data['busnum'])}-${String(data['devnum'])}`,
  ),
  columns: {
    node: given('NODE', 'node', 'text', 'text', { words: 'node|host', names: 'node' }),
    bus: text('BUS', 'busnum', { words: 'bus|bus number' }),
    device: text('DEVICE', 'devnum', { words: 'device number' }),
    manufacturer: text('MANUFACTURER', 'manufacturer', { words: 'manufacturer|vendor|maker' }),
    product: text('PRODUCT', 'product', { words: 'product|name|model' }),
    vendid: text('VENDOR ID', 'vendid', { words: 'vendor id' }),
    prodid: text('PRODUCT ID', 'prodid', { words: 'product id' }),
    serial: text('SERIAL', 'serial', { words: 'serial|serial number' }),
    speed: text('SPEED', 'speed', { words: 'speed' }),
    port: text('PORT', 'port', { words: 'port' }),
  },
  identity: ['node', 'product'],
  shown: ['node', 'bus', 'device', 'manufacturer', 'product', 'vendid', 'prodid', 'speed'],
  named: 'product',
  scopes: { node: 'node' },
  order: [
    { column: 'node', dir: 'asc' },
    { column: 'bus', dir: 'asc' },
    { column: 'device', dir: 'asc' },
  ],
});
