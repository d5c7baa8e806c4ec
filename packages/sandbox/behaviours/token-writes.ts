import { asFlag, asList, withoutToken } from '../access-change.ts';
import type { AccessConfig, AccessToken } from '../access.ts';
import type { Authenticator } from '../auth.ts';
import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { findToken, findUser } from '../people.ts';
import { change, invalid, text } from './access-writes.ts';

/** API tokens: made, changed and removed; the secret shows once (pve-access-control API2/User.pm). */
export function tokenWrites(authenticator: () => Authenticator): Behaviours {
  const newSecret = (full: string): string => {
    const value = authenticator().random.uuid();
    authenticator().tokenSecrets.set(full, value);
    return value;
  };
  return {
    'POST /access/users/{userid}/token/{tokenid}': (call) => {
      const full = fullId(call);
      const userid = text(call, 'userid');
      if (!findUser(call.state.access, userid)) throw new PveError(500, `no such user ('${userid}')\n`);
      if (findToken(call.state.access, full)) throw invalid({ tokenid: 'Token already exists.' });
      const info = { privsep: 1 as 0 | 1, ...tokenChanges(call) };
      const token: AccessToken = { expire: 0, ...info, tokenid: full };
      change(call, 'generating token failed', (config) => ({ ...config, tokens: [...config.tokens, token] }));
      return { info, value: newSecret(full), 'full-tokenid': full };
    },

    'PUT /access/users/{userid}/token/{tokenid}': (call) => {
      const full = fullId(call);
      const changed = { ...knownToken(call, full), ...tokenChanges(call) };
      for (const field of asList(call.params['delete'])) {
        if (field === 'comment') delete changed.comment;
        if (field === 'expire') changed.expire = 0;
        if (field === 'privsep') changed.privsep = 1;
      }
      change(call, 'updating token info failed', (config) => withToken(config, changed));
      const { tokenid: _tokenid, ...info } = changed;
      if (!asFlag(call.params['regenerate'])) return info;
      return { ...info, value: newSecret(full), 'full-tokenid': full };
    },

    'DELETE /access/users/{userid}/token/{tokenid}': (call) => {
      const full = fullId(call);
      knownToken(call, full);
      authenticator().tokenSecrets.delete(full);
      return change(call, 'deleting token failed', (config) => withoutToken(config, full));
    },
  };
}

function fullId(call: Call): string {
  return `${text(call, 'userid')}!${text(call, 'tokenid')}`;
}

function knownToken({ state, params }: Call, full: string): AccessToken {
  const token = findToken(state.access, full);
  if (token) return token;
  throw new PveError(500, `no such token '${String(params['tokenid'])}' for user '${String(params['userid'])}'\n`);
}

function tokenChanges({ params }: Call): { privsep?: 0 | 1; expire?: number; comment?: string } {
  const privsep = asFlag(params['privsep']);
  return {
    ...(privsep !== undefined && { privsep }),
    ...(params['expire'] !== undefined && { expire: Number(params['expire']) }),
    ...(params['comment'] !== undefined && { comment: String(params['comment']) }),
  };
}

function withToken(config: AccessConfig, token: AccessToken): AccessConfig {
  return { ...config, tokens: config.tokens.map((other) => (other.tokenid === token.tokenid ? token : other)) };
}
