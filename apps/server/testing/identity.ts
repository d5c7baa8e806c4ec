import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { askWeb } from '../auth/web.ts';
import Provider, { type Configuration } from 'oidc-provider';

export const AUDIENCE = 'https://pxa.example.com';
const CLIENT = { client_id: 'deploy-bot', client_secret: 'a-secret-of-the-client' };

interface Key {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicPem: string;
}

/** A whole OpenID Connect issuer in this process, with keys that a test can sign by, too. */
export class Identity {
  readonly issuer: string;
  readonly #server: Server;
  #key: Key;
  #handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  /** What it was asked for, path by path. */
  readonly asked: string[] = [];

  private constructor(server: Server, key: Key) {
    this.#server = server;
    this.#key = key;
    const { port } = server.address() as AddressInfo; // it listens on a port
    this.issuer = `http://127.0.0.1:${port}`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.asked.push(request.url ?? '');
      this.#handle(request, response);
    });
  }

  static async start(): Promise<Identity> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const identity = new Identity(server, await newKey('first'));
    await identity.rotate('first');
    return identity;
  }

  /** Signs with another key from now on, and tells no other. */
  async rotate(kid: string): Promise<void> {
    this.#key = await newKey(kid);
    const jwk = { ...(await exportJWK(this.#key.privateKey)), kid, alg: 'RS256', use: 'sig' };
    const provider = new Provider(this.issuer, configuration(jwk));
    const callback = provider.callback();
    this.#handle = (request, response) => void callback(request, response);
  }

  /** An access token as the issuer itself gives it to a program. */
  async granted(scope: string): Promise<string> {
    const answered = await askWeb(`${this.issuer}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: AUDIENCE, scope, ...CLIENT }),
    });
    const { access_token: token } = (await answered.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`the issuer gave no token: ${answered.status}`);
    return token;
  }

  /** A token that the issuer's key has signed, with claims and a header that a test chooses. */
  signed(claims: JWTPayload, header: { alg?: string; kid?: string; typ?: string } = {}): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: this.#key.kid, typ: 'at+jwt', ...header })
      .sign(this.#key.privateKey);
  }

  /** Its public key as text, which an attacker knows as well. */
  get publicPem(): string {
    return this.#key.publicPem;
  }

  get kid(): string {
    return this.#key.kid;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}

async function newKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { kid, privateKey, publicPem: await exportSPKI(publicKey) };
}

function configuration(jwk: object): Configuration {
  const scopes = 'vm:read vm:write';
  return {
    jwks: { keys: [jwk] },
    scopes: scopes.split(' '),
    clients: [
      {
        ...CLIENT,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: async () => ({
          scope: scopes,
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: async () => ({ groups: ['operators'] }),
  } as Configuration; // its types want more of a key than RFC 7517 does
}
