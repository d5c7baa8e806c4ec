import { asNumber } from '@pxa/pve/values';
import {
  compare,
  count,
  dataset,
  drafts,
  askedNodes,
  given,
  list,
  pointer,
  type RowsReader,
  text,
  time,
  extracted,
  withGiven,
} from '../kit/index.ts';

const rows: RowsReader = async (reading) => {
  const lists = await reading.each(await askedNodes(reading, 'certificates'), async ({ node }) => {
    const got = await reading.list('/nodes/{node}/certificates/info', { node });
    if (!got.ok) {
      reading.lacks(`certificates of ${node}`, got.why, got.nextStep, `node/${node}`);
      return [];
    }
    const found = drafts(got.data, ({ data }) => `certificate/${node}/${String(data['filename'])}`);
    return found.map((row, index) => {
      const rec = got.data[index];
      const named = withGiven(row, 'node', node, got.at);
      const end = asNumber(rec?.data['notafter']);
      if (rec === undefined || end === null) return named;
      const left = (end - reading.now) / 86_400;
      const at = pointer(rec.at, 'notafter');
      const days = withGiven(named, 'days_left', left, `(notafter − now) / 1 day: ${at}`);
      return withGiven(days, 'left', end - reading.now, `notafter − now: ${at}`);
    });
  });
  return lists.flat();
};

/** The certificates that nodes present to browsers and API clients. */
export const certificates = dataset({
  id: 'certificates',
  title: 'Certificates',
  counted: 'count',
  nouns: [
    {
      words: 'certificate|cert|tls certificate|ssl certificate|ssl cert|tls cert|node certificate|https certificate',
      title: 'Certificates',
    },
  ],
  rows,
  columns: {
    node: given('NODE', 'node', 'text', 'text', { words: 'node|host', names: 'node' }),
    filename: text('FILE', 'filename', { words: 'file|filename|file name|name' }),
    subject: text('SUBJECT', 'subject', { words: 'subject|common name|cn' }),
    issuer: text('ISSUER', 'issuer', {
      words: 'issuer|ca|issued by|who issued|signed by|who signed|issuing ca|issuing authority|certificate authority',
    }),
    notbefore: time('VALID FROM', 'notbefore', { words: 'valid from|not before|issue date|issued' }),
    notafter: time('EXPIRES', 'notafter', {
      words:
        'expiry|expiry date|expiration|expiration date|valid until|until when|till when|how long|not after|end date|end of validity',
    }),
    days_left: given('DAYS LEFT', 'days_left', 'number', 'days', {
      words: 'days left|remaining day',
    }),
    left: given('TIME LEFT', 'left', 'number', 'seconds'),
    san: list('NAMES', 'san', { words: 'san|alternative name|subject alternative name|dns name', absent: [] }),
    fingerprint: text('FINGERPRINT', 'fingerprint', { words: 'fingerprint|sha256 fingerprint|sha 256 fingerprint' }),
    key: extracted(
      'KEY',
      'text',
      'text',
      'base',
      (data) => ({
        value:
          data['public-key-type'] === undefined
            ? null
            : `${String(data['public-key-type'])} ${String(data['public-key-bits'] ?? '')}`.trim(),
        keys: ['public-key-type', 'public-key-bits'],
      }),
      { words: 'key|key type|key size|public key' },
    ),
    bits: count('KEY BITS', 'public-key-bits', { words: 'key bits|key length' }),
  },
  identity: ['node', 'filename'],
  shown: ['node', 'filename', 'subject', 'issuer', 'notafter', 'days_left'],
  named: 'filename',
  scopes: { node: 'node' },
  time: 'notbefore',
  due: {
    column: 'notafter',
    verbs:
      'expire|run out|running out|due for renewal|due|end|become invalid|lapse|die|need renewal|need to be renewed|need renewing',
  },
  quantities: [
    { words: 'day left|remaining day', plain: 'days_left', total: 'days_left' },
    { words: 'validity|valid for|remaining validity|time left|lifetime left', plain: 'left', total: 'left' },
  ],
  phrases: [
    {
      say: 'expired|invalid|outdated|no longer valid|run out already',
      where: compare('notafter', '<', { ago: 0 }),
      focus: ['notafter', 'days_left'],
    },
    {
      say: 'valid|not expired|still valid',
      where: compare('notafter', '>=', { ago: 0 }),
      focus: ['notafter', 'days_left'],
    },
    {
      say: 'expiring|expiring soon|about to expire|about to end|running out|soon to expire|about to run out',
      where: compare('notafter', '<', { ago: -30 * 86_400 }),
      focus: ['notafter', 'days_left'],
    },
  ],
  order: [
    { column: 'node', dir: 'asc' },
    { column: 'filename', dir: 'asc' },
  ],
  findings: [
    {
      code: 'certificate.expiring',
      severity: 'warning',
      needs: ['node', 'filename', 'days_left', 'notafter'],
      check: (value, { certificateDays }) => {
        const left = value('days_left');
        if (typeof left !== 'number' || left > certificateDays) return undefined;
        const days = Math.floor(Math.abs(left));
        const which = `${String(value('filename'))} of ${String(value('node'))}`;
        return {
          ...(left < 7 ? { severity: 'critical' as const } : {}),
          text:
            left < 0
              ? `Certificate ${which} expired ${days} days ago.`
              : `Certificate ${which} expires in ${days} days.`,
          next_step: String(value('filename')).startsWith('pveproxy-ssl')
            ? `Renew it: \`pvenode acme cert renew\` on ${String(value('node'))}, or upload a new one.`
            : `On ${String(value('node'))}: \`pvecm updatecerts --force\`, then restart pveproxy.`,
        };
      },
    },
  ],
});
