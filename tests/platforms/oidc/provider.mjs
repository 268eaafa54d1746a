// An OpenID provider and a small shop behind it, for the tests: `node provider.mjs PORT REDIRECT LIFE_S`.
import http from 'node:http';
import { Provider } from 'oidc-provider';

const [port, redirect, life] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
const issuer = `http://127.0.0.1:${port}`;
const seen = { refreshed: 0, issued: 0, refused: 0, stalled: 0, revoked: 0, answered: 0, unauthorised: 0 };
const settings = { stall: false };

const client = (client_id, more) => ({ client_id, client_secret: 'canary-client-secret-0123456789', ...more });
const provider = new Provider(issuer, {
  clients: [
    client('weighbridge', { redirect_uris: [redirect], grant_types: ['authorization_code', 'refresh_token'] }),
    client('mail-api', { redirect_uris: [], response_types: [], grant_types: [] }),
    client('robot', { redirect_uris: [], response_types: [], grant_types: ['client_credentials'] }),
  ],
  scopes: ['openid', 'offline_access', 'orders', 'mail'],
  features: {
    clientCredentials: { enabled: true },
    revocation: { enabled: true },
    introspection: { enabled: true, allowedPolicy: async (ctx, client) => client.clientId === 'mail-api' },
  },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  ttl: { AccessToken: life, ClientCredentials: life, RefreshToken: 86400, Grant: 86400, Session: 3600, Interaction: 600 },
  findAccount: async (_, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
  cookies: { keys: ['only for tests'] },
});
provider.use(async (ctx, next) => {
  await next();
  const refresh = ctx.oidc?.params?.grant_type === 'refresh_token';
  if (refresh && settings.stall && ctx.status === 200) {
    // The old token is used up and the new one exists; the answer is never seen.
    seen.stalled += 1;
    await new Promise(() => {});
  }
});
provider.on('grant.success', (ctx) => { ctx.oidc.params.grant_type === 'refresh_token' ? seen.refreshed++ : seen.issued++; });
provider.on('grant.error', () => { seen.refused++; });
provider.on('refresh_token.destroyed', () => { seen.revoked++; });
provider.on('server_error', (_, error) => console.error(error));

async function orders(request, response) {
  const bearer = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  const token = await provider.AccessToken.find(bearer) ?? await provider.ClientCredentials.find(bearer);
  if (!token || token.isExpired) {
    seen.unauthorised++;
    response.writeHead(401).end();
    return;
  }
  seen.answered++;
  const rows = Array.from({ length: 20 }, (_, index) => ({ id: index + 1, number: `N${index + 1}` }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: rows }));
}

const oidc = provider.callback();
http.createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, issuer);
  if (pathname === '/orders') return orders(request, response);
  if (pathname === '/seen') return response.end(JSON.stringify(seen));
  if (pathname === '/stall') { settings.stall = searchParams.get('on') === '1'; return response.end('ok'); }
  return oidc(request, response);
}).listen(port, '127.0.0.1', () => console.log('ready'));
