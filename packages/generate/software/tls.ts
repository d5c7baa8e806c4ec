import type { Guest, Setup } from '../specification.ts';
import { systemOf } from '../systems/systems.ts';

type Tls = NonNullable<Guest['tls']>;

const FOLDER = '/etc/ssl/own';

/**
 * How a web server comes to its certificate. One of Let's Encrypt renews itself by the timer that Certbot brings; a
 * self-signed one is made in the guest at its first start, so that its key is in no file of ours.
 */
export function tlsSetup(guest: Guest, tls: Tls): Partial<Setup> {
  const server = guest.software.find((id) => id === 'nginx' || id === 'apache');
  return tls.from === 'letsencrypt' ? letsEncrypt(guest, tls, server) : selfSigned(guest, tls, server);
}

function letsEncrypt(guest: Guest, { domain }: Tls, server: string | undefined): Partial<Setup> {
  const isApt = systemOf(guest)?.packages !== 'dnf';
  const plugin = server === undefined || !isApt ? [] : [`python3-certbot-${server}`];
  const how = plugin.length === 0 ? ['certonly', '--standalone'] : [`--${String(server)}`, '--redirect'];
  return {
    packages: ['certbot', ...plugin],
    commands: [
      ['certbot', ...how, '--non-interactive', '--agree-tos', '--register-unsafely-without-email', '--domain', domain],
    ],
  };
}

function selfSigned(guest: Guest, { domain }: Tls, server: string | undefined): Partial<Setup> {
  const make = [
    ['install', '--directory', '--mode=0750', FOLDER],
    [
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '397',
      '-subj',
      `/CN=${domain}`,
      '-addext',
      `subjectAltName=DNS:${domain}`,
      '-keyout',
      `${FOLDER}/server.key`,
      '-out',
      `${FOLDER}/server.crt`,
    ],
  ];
  const isApt = systemOf(guest)?.packages !== 'dnf';
  if (server === 'nginx')
    return {
      packages: ['openssl'],
      files: [nginxSite(domain)],
      commands: [...make, ['systemctl', 'restart', 'nginx']],
    };
  if (server === 'apache' && isApt) {
    const commands = [
      ...make,
      ['a2enmod', 'ssl', 'headers'],
      ['a2ensite', 'own-tls'],
      ['systemctl', 'restart', 'apache2'],
    ];
    return { packages: ['openssl'], files: [apacheSite(domain)], commands };
  }
  return { packages: ['openssl'], commands: make };
}

const WHY = 'HTTPS with TLS 1.2 or later; plain HTTP only says where to go.';

const nginxSite = (domain: string): Setup['files'][number] => ({
  path: '/etc/nginx/conf.d/tls.conf',
  mode: '0644',
  why: WHY,
  content: `server {
    listen 80;
    listen [::]:80;
    server_name ${domain};
    return 301 https://$host$request_uri;
}
server {
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name ${domain};
    server_tokens off;
    ssl_certificate ${FOLDER}/server.crt;
    ssl_certificate_key ${FOLDER}/server.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    add_header Strict-Transport-Security "max-age=31536000" always;
    root /var/www/html;
}
`,
});

const apacheSite = (domain: string): Setup['files'][number] => ({
  path: '/etc/apache2/sites-available/own-tls.conf',
  mode: '0644',
  why: WHY,
  content: `<VirtualHost *:443>
    ServerName ${domain}
    DocumentRoot /var/www/html
    SSLEngine on
    SSLProtocol -all +TLSv1.2 +TLSv1.3
    SSLCertificateFile ${FOLDER}/server.crt
    SSLCertificateKeyFile ${FOLDER}/server.key
    Header always set Strict-Transport-Security "max-age=31536000"
</VirtualHost>
`,
});
