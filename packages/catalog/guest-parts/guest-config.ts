import { asText } from '@pxa/pve/values';
import { dataset, type Draft, given, pointer, type Rec } from '../kit/index.ts';
import { part, partsOfGuests } from './asked-guests.ts';
import { byGuest, guestColumns, guestScopes } from './guest-columns.ts';

/** Guests' configurations, setting by setting, as Proxmox writes them. */
export const guestConfig = dataset({
  id: 'guest-config',
  title: 'Configuration',
  counted: 'count',
  weight: 3,
  nouns: [
    {
      words:
        'config|configuration|setting|guest configuration|vm configuration|vm config|guest config|container config|configuration of a guest|full configuration|raw configuration',
      title: 'Configuration',
    },
    { words: 'option|detail|setup|hardware|hardware configuration', title: 'Configuration', weak: true },
  ],
  rows: (reading) => partsOfGuests(reading, 'configuration', settingsOf),
  columns: {
    ...guestColumns,
    key: given('SETTING', 'key', 'text', 'text', { words: 'setting|key|option|name' }),
    value: given('VALUE', 'value', 'text', 'text', { words: 'value' }),
  },
  identity: ['vmid', 'guest_name', 'key'],
  shown: ['vmid', 'guest_name', 'key', 'value'],
  named: 'key',
  scopes: guestScopes,
  order: [...byGuest, { column: 'key', dir: 'asc' }],
});

/** The digest is no setting, and passwords come masked from Proxmox. */
function settingsOf(config: Rec, guest: Draft): Draft[] {
  const keys = Object.keys(config.data).filter((key) => key !== 'digest');
  return keys.map((key) => {
    const at = pointer(config.at, key);
    return part(`${guest.id}/config/${key}`, config, guest, {
      key: { value: key, at },
      value: {
        value: config.data[key] === '' ? '' : (asText(config.data[key]) ?? JSON.stringify(config.data[key])),
        at,
      },
    });
  });
}
