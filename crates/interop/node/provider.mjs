// An oidc-provider on loopback for the client crate to sign in at.
//
// Environment:
//   REDIRECT_URI         where both clients are sent back to (required)
//   BASIC_CLIENT_ID      default "basic-client"
//   BASIC_CLIENT_SECRET  default "a secret: with +, % and / in it"
//   JWT_CLIENT_ID        default "jwt-client"
//   JWT_CLIENT_JWK       that client's public JWK: JSON, or the path of a file
//                        with it; without it the client is not there
//   ID_TOKEN_ALG         RS256 (default), ES256 or EdDSA: what ID Tokens are signed with
//   USERNAME, PASSWORD   the one account; default "ada" / "correct horse"
//   PORT                 default: one that is free
//
// Prints "LISTENING <issuer>" when it serves. Ends on SIGTERM, SIGINT, or when
// its standard input closes. What it refuses is told on standard error.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const env = process.env;

function fail(message) {
  console.error(`provider.mjs: ${message}`);
  process.exit(2);
}

const redirectUri = env.REDIRECT_URI || fail('REDIRECT_URI is not set');
const username = env.USERNAME || 'ada';
const password = env.PASSWORD || 'correct horse';
const idTokenAlg = env.ID_TOKEN_ALG || 'RS256';

const account = {
  sub: 'user-ada',
  name: 'Ada Lovelace',
  given_name: 'Ada',
  family_name: 'Lovelace',
  preferred_username: username,
  email: 'ada@example.org',
  email_verified: true,
};

function publicJwk() {
  const given = env.JWT_CLIENT_JWK;
  if (!given) return undefined;
  const jwk = JSON.parse(existsSync(given) ? readFileSync(given, 'utf8') : given);
  for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) {
    if (secret in jwk) fail(`JWT_CLIENT_JWK holds the private member "${secret}"`);
  }
  return jwk;
}

async function signingKey(alg, kid) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...await exportJWK(privateKey), kid, alg, use: 'sig' };
}

const clientCommon = {
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  id_token_signed_response_alg: idTokenAlg,
};
const clients = [{
  ...clientCommon,
  client_id: env.BASIC_CLIENT_ID || 'basic-client',
  client_secret: env.BASIC_CLIENT_SECRET || 'a secret: with +, % and / in it',
  client_name: 'The client with a secret',
  token_endpoint_auth_method: 'client_secret_basic',
}];
const jwk = publicJwk();
if (jwk) {
  clients.push({
    ...clientCommon,
    client_id: env.JWT_CLIENT_ID || 'jwt-client',
    client_name: 'The client with a key',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [{ ...jwk, use: 'sig' }] },
  });
}

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text) => String(text).replace(/[&<>"']/g, (char) => escapes[char]);

function page(title, body) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><link rel="icon" href="data:,"></head>
<body><main><h1>${escape(title)}</h1>${body}</main></body></html>`;
}

function signInPage(uid, { alert, tried = '' } = {}) {
  return page('Sign in', `${alert ? `<p role="alert">${escape(alert)}</p>` : ''}
<form method="post" action="/interaction/${escape(uid)}">
<p><label>Username <input name="username" autocomplete="username" required value="${escape(tried)}"></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
<p><button>Sign in</button></p></form>`);
}

function consentPage(uid, clientName, scopes) {
  return page(`Let ${clientName} in?`, `<ul>${scopes.map((scope) => `<li>${escape(scope)}</li>`).join('')}</ul>
<form method="post" action="/interaction/${escape(uid)}">
<p><button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></p></form>`);
}

async function formOf(req) {
  let body = '';
  for await (const chunk of req) {
    body += chunk;
    if (body.length > 16_384) throw new Error('form too large');
  }
  return new URLSearchParams(body);
}

async function interaction(provider, req, res) {
  const { uid, prompt, params, session, grantId } = await provider.interactionDetails(req, res);
  const send = (status, html) => {
    res.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    res.end(html);
  };

  if (prompt.name === 'login') {
    if (req.method !== 'POST') return send(200, signInPage(uid));
    const form = await formOf(req);
    if (form.get('username') !== username || form.get('password') !== password) {
      return send(401, signInPage(uid, { alert: 'That is not a username and password we know.', tried: form.get('username') ?? '' }));
    }
    return provider.interactionFinished(req, res, { login: { accountId: account.sub, amr: ['pwd'] } }, { mergeWithLastSubmission: false });
  }

  if (prompt.name === 'consent') {
    if (req.method !== 'POST') {
      const client = await provider.Client.find(params.client_id);
      return send(200, consentPage(uid, client.clientName, String(params.scope).split(' ')));
    }
    const form = await formOf(req);
    if (form.get('decision') !== 'allow') {
      return provider.interactionFinished(req, res, {
        error: 'access_denied', error_description: 'the person said no',
      }, { mergeWithLastSubmission: false });
    }
    const grant = (grantId && await provider.Grant.find(grantId))
      || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    if (prompt.details.missingOIDCScope) grant.addOIDCScope(prompt.details.missingOIDCScope.join(' '));
    if (prompt.details.missingOIDCClaims) grant.addOIDCClaims(prompt.details.missingOIDCClaims);
    return provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  }

  return send(400, page('Unknown prompt', `<p>${escape(prompt.name)}</p>`));
}

const server = createServer();
await new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen(Number(env.PORT || 0), '127.0.0.1', resolve);
});
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients,
  // Two keys of different kinds, so that a client has to choose by kid.
  jwks: { keys: [await signingKey('ES256', 'ec-1'), await signingKey('RS256', 'rsa-1'), await signingKey('EdDSA', 'ed-1')] },
  enabledJWA: {
    idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'],
    clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
  },
  clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  scopes: ['openid', 'offline_access'],
  claims: {
    openid: ['sub'],
    profile: ['name', 'given_name', 'family_name', 'preferred_username'],
    email: ['email', 'email_verified'],
  },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, RefreshToken: 3600, Session: 3600, Grant: 3600, Interaction: 600 },
  features: { devInteractions: { enabled: false }, revocation: { enabled: true }, rpInitiatedLogout: { enabled: false } },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  findAccount: (_ctx, sub) => (sub === account.sub ? { accountId: sub, claims: () => account } : undefined),
  renderError: (ctx, out) => {
    ctx.type = 'html';
    ctx.body = page('Refused', `<p role="alert">${escape(out.error)}: ${escape(out.error_description ?? '')}</p>`);
  },
});
for (const event of ['authorization.error', 'grant.error', 'userinfo.error', 'jwks.error', 'discovery.error', 'server_error']) {
  provider.on(event, (_ctx, error) => {
    console.error(`provider.mjs: ${event}: ${error.error ?? error.name}: ${error.error_description ?? ''} ${error.error_detail ?? (error.error ? '' : error.stack)}`);
  });
}

const callback = provider.callback();
server.on('request', (req, res) => {
  if (!req.url.startsWith('/interaction/')) {
    callback(req, res);
    return;
  }
  interaction(provider, req, res).catch((error) => {
    console.error(`provider.mjs: interaction: ${error.stack}`);
    if (!res.headersSent) res.writeHead(400, { 'content-type': 'text/html; charset=utf-8' });
    res.end(page('Refused', `<p role="alert">${escape(error.message)}</p>`));
  });
});

function stop() {
  server.close(() => process.exit(0));
  server.closeAllConnections();
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.stdin.on('end', stop).on('error', stop).resume();

console.log(`LISTENING ${issuer}`);
