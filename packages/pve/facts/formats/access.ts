import { builtinRoles } from '../lines.ts';
import { perlMatches, splitAt } from '../perl.ts';
import { byPattern } from './network.ts';
import { refuse } from './refuse.ts';
import type { FormatCheck } from './refuse.ts';

const REALM = '[A-Za-z][A-Za-z0-9.\\-_]+';
const USER = '[^\\s:/]+';
const NAME = '[A-Za-z0-9.\\-_]+';
const MAIL_USER = '[\\w+\\-~]+(\\.[\\w+\\-~]+)*';
const MAIL = `${MAIL_USER}@[a-zA-Z0-9\\-]+(\\.[a-zA-Z0-9\\-]+)*`;

const email = byPattern(MAIL, () => 'value does not look like a valid email address');

/** `name@realm`, 3 to 64 characters (PVE::Auth::Plugin::verify_username). */
function userid(value: string): void {
  const name = value === '0' ? '' : value;
  const length = [...name].length;
  if (length < 3) refuse(`user name '${name}' is too short`);
  if (length > 64) refuse(`user name '${name}' is too long (${length} > 64)`);
  if (!perlMatches(`(${USER})@(${REALM})`, name)) refuse(`value '${name}' does not look like a valid user name`);
}

function poolid(value: string): void {
  if (splitAt('/', value).length > 3) refuse(`pool name '${value}' nested too deep (max levels = 3)`);
  if (!perlMatches(`${NAME}(?:/${NAME}){0,2}`, value)) refuse(`pool name '${value}' contains invalid characters`);
}

export const accessFormats: Record<string, FormatCheck> = {
  'pve-userid': userid,
  'pve-tokenid': byPattern(
    `(${USER})@(${REALM})!(${REALM})`,
    (v) => `value '${v}' does not look like a valid token ID`,
  ),
  'pve-realm': byPattern(REALM, () => 'value does not look like a valid realm'),
  'pve-groupid': byPattern(NAME, (v) => `group name '${v}' contains invalid characters`),
  'pve-roleid': byPattern(NAME, (v) => `role name '${v}' contains invalid characters`),
  'pve-poolid': poolid,
  'pve-priv': (value) => {
    if (!builtinRoles()['Administrator']?.includes(value)) refuse(`invalid privilege '${value}'`);
  },
  email,
  'email-or-username': (value) => {
    if (perlMatches(MAIL, value) || perlMatches(MAIL_USER, value)) return;
    refuse('value does not look like a valid email address or user name');
  },
  'ldap-simple-attr': byPattern('[a-zA-Z0-9]+', (v) => `value '${v}' does not look like a simple ldap attribute name`),
};
