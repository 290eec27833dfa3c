// openid-client signs in at a provider, and checks what it must refuse.
//
// Environment:
//   ISSUER           the provider's issuer
//   CLIENT_ID        a client registered there for REDIRECT_URI
//   AUTH_METHOD      client_secret_basic or private_key_jwt
//   CLIENT_SECRET    for client_secret_basic
//   CLIENT_JWK_FILE  for private_key_jwt: a file with the private JWK ("alg"
//                    needed; its "kid" goes into the header). An Ed25519 key
//                    signs with the alg "Ed25519" of RFC 9864, never "EdDSA".
//   ID_TOKEN_ALG     what the client is registered for; default RS256
//   REDIRECT_URI     nothing has to listen there
//   USERNAME, PASSWORD
//   EXPECT_SUB, EXPECT_NAME, EXPECT_EMAIL   checked when set
//
// Prints a line for every step, then PASS. Otherwise "FAIL <step>: <reason>"
// on standard error, and exit code 1.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { decodeProtectedHeader, importJWK } from 'jose';
import * as client from 'openid-client';
import { CookieJar, walk } from './walk.mjs';

const env = process.env;
for (const name of ['ISSUER', 'CLIENT_ID', 'AUTH_METHOD', 'REDIRECT_URI', 'USERNAME', 'PASSWORD']) {
  if (!env[name]) {
    console.error(`FAIL usage: ${name} is not set`);
    process.exit(2);
  }
}
const redirectUri = env.REDIRECT_URI;
const idTokenAlg = env.ID_TOKEN_ALG || 'RS256';
const MAX_AGE = 3600;
let current = 'start';

async function step(name, run) {
  current = name;
  const [result, note] = await run() ?? [];
  console.log(`ok ${name}${note ? `: ${note}` : ''}`);
  return result;
}

async function clientAuth() {
  switch (env.AUTH_METHOD) {
    case 'client_secret_basic':
      assert(env.CLIENT_SECRET, 'CLIENT_SECRET is not set');
      return { auth: client.ClientSecretBasic(env.CLIENT_SECRET), wrong: client.ClientSecretBasic(`${env.CLIENT_SECRET}x`) };
    case 'private_key_jwt': {
      assert(env.CLIENT_JWK_FILE, 'CLIENT_JWK_FILE is not set');
      const jwk = JSON.parse(readFileSync(env.CLIENT_JWK_FILE, 'utf8'));
      const key = await importJWK(jwk);
      const signer = { key, kid: jwk.kid };
      return {
        auth: client.PrivateKeyJwt(signer),
        // The same key, but an assertion meant for somebody else.
        wrong: client.PrivateKeyJwt(signer, {
          [client.modifyAssertion]: (_header, payload) => { payload.aud = 'https://elsewhere.example'; },
        }),
        alg: jwk.alg,
      };
    }
    default:
      throw new Error(`AUTH_METHOD ${env.AUTH_METHOD} is not known here`);
  }
}

// Without the second the peer would trust the connection and leave the signature of ID Tokens alone.
const options = { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks], timeout: 20 };

/** The provider must answer with this OAuth error, and with this status. */
async function refused(promise, error, status) {
  let answer;
  try {
    answer = await promise;
  } catch (thrown) {
    // With WWW-Authenticate the peer reports the challenge instead of the body.
    if (thrown instanceof client.WWWAuthenticateChallengeError) {
      assert.equal(thrown.response.status, status, `the status of a refusal with ${error}`);
      const body = await thrown.response.clone().json().catch(() => undefined);
      const named = body?.error ?? thrown.cause.find(({ parameters }) => parameters.error)?.parameters.error;
      assert.equal(named, error, 'the error of a refusal');
      return;
    }
    if (!(thrown instanceof client.ResponseBodyError)) throw thrown;
    assert.equal(thrown.error, error, `refused, but with ${thrown.error} (${thrown.error_description})`);
    assert.equal(thrown.status, status, `the status of a refusal with ${error}`);
    return;
  }
  assert.fail(`should have been refused with ${error}, but was answered: ${Object.keys(answer).join(', ')}`);
}

/** One authorization request, walked to its end; `exchange` then redeems its code. */
async function authorize(config, jar, extra) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const checks = {
    pkceCodeVerifier,
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    maxAge: MAX_AGE,
    idTokenExpected: true,
  };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    max_age: String(MAX_AGE),
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...extra,
  });
  const { callback, pages } = await walk(url, { redirectUri, username: env.USERNAME, password: env.PASSWORD, jar });
  assert(callback.searchParams.get('code'), `no code in the redirect back: ${callback.search}`);
  return { callback, pages, checks, exchange: (changed) => client.authorizationCodeGrant(config, callback, { ...checks, ...changed }) };
}

function checkClaims(claims, { sub, nonce, keys = [] } = {}) {
  assert(claims, 'no ID Token');
  assert.equal(claims.iss, env.ISSUER, 'ID Token iss');
  assert.deepEqual([claims.aud].flat(), [env.CLIENT_ID], 'ID Token aud');
  if (nonce !== undefined) assert.equal(claims.nonce, nonce, 'ID Token nonce');
  const now = Date.now() / 1000;
  assert(claims.exp > now && claims.exp < now + 24 * 3600, `ID Token exp ${claims.exp}`);
  assert(Math.abs(claims.iat - now) < 60, `ID Token iat ${claims.iat}`);
  for (const key of keys) assert(claims[key] !== undefined, `ID Token without ${key}`);
  if (sub !== undefined) assert.equal(claims.sub, sub, 'ID Token sub');
}

try {
  const { auth, wrong, alg } = await clientAuth();

  const discover = (with_) => client.discovery(
    new URL(env.ISSUER), env.CLIENT_ID, { id_token_signed_response_alg: idTokenAlg }, with_, options);
  const config = await step('discovery', async () => {
    const found = await discover(auth);
    const metadata = found.serverMetadata();
    assert.equal(metadata.issuer, env.ISSUER, 'issuer');
    assert(metadata.supportsPKCE('S256'), 'code_challenge_methods_supported without S256');
    for (const name of ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri',
      'response_types_supported', 'subject_types_supported', 'id_token_signing_alg_values_supported']) {
      assert(metadata[name], `metadata without ${name}`);
    }
    assert(metadata.response_types_supported.includes('code'), 'response_types_supported without code');
    assert(metadata.grant_types_supported?.includes('refresh_token'), 'grant_types_supported without refresh_token');
    for (const scope of ['openid', 'offline_access']) {
      assert(metadata.scopes_supported?.includes(scope), `scopes_supported without ${scope}`);
    }
    assert(metadata.token_endpoint_auth_methods_supported?.includes(env.AUTH_METHOD),
      `token_endpoint_auth_methods_supported without ${env.AUTH_METHOD}`);
    if (alg) {
      assert(metadata.token_endpoint_auth_signing_alg_values_supported?.includes(alg),
        `token_endpoint_auth_signing_alg_values_supported without ${alg}`);
    }
    assert.equal(metadata.authorization_response_iss_parameter_supported, true, 'authorization_response_iss_parameter_supported');
    return [found, metadata.issuer];
  });

  const jar = new CookieJar();
  const scope = 'openid profile email offline_access';
  const first = await step('authorization with PKCE, state, nonce and max_age', async () => {
    const done = await authorize(config, jar, { scope, prompt: 'consent' });
    assert.deepEqual(done.pages, ['sign-in', 'consent'], 'the pages on the way');
    assert.equal(done.callback.searchParams.get('state'), done.checks.expectedState, 'state');
    assert.equal(done.callback.searchParams.get('iss'), env.ISSUER, 'iss of the authorization response');
    return [done, done.pages.join(', ')];
  });

  const tokens = await step(`code exchange with ${env.AUTH_METHOD}`, async () => {
    const got = await first.exchange();
    assert.equal(got.token_type, 'bearer', 'token_type');
    assert(got.refresh_token, 'no refresh_token');
    assert(got.expiresIn() > 0, 'expires_in');
    return [got, `expires in ${got.expires_in} s`];
  });

  await step('ID Token header', async () => {
    const { alg: signedBy, kid } = decodeProtectedHeader(tokens.id_token);
    assert.equal(signedBy, idTokenAlg, 'alg');
    assert(kid, 'no kid');
    return [undefined, signedBy];
  });
  const { sub } = await step('ID Token claims', async () => {
    const claims = tokens.claims();
    checkClaims(claims, { sub: env.EXPECT_SUB, nonce: first.checks.expectedNonce, keys: ['auth_time'] });
    const age = Date.now() / 1000 - claims.auth_time;
    assert(age > -5 && age < 120, `ID Token auth_time is ${age} s ago`);
    return [claims, `sub ${claims.sub}`];
  });

  const checkUserInfo = async (accessToken) => {
    const info = await client.fetchUserInfo(config, accessToken, sub);
    assert.equal(info.sub, sub, 'UserInfo sub');
    assert(info.name, 'UserInfo without name');
    assert(info.email, 'UserInfo without email');
    if (env.EXPECT_NAME) assert.equal(info.name, env.EXPECT_NAME, 'UserInfo name');
    if (env.EXPECT_EMAIL) assert.equal(info.email, env.EXPECT_EMAIL, 'UserInfo email');
    return [info, `${info.name} <${info.email}>`];
  };
  await step('UserInfo', () => checkUserInfo(tokens.access_token));
  await step('UserInfo refuses a made-up access token', () => refused(
    client.fetchUserInfo(config, `${tokens.access_token}x`, sub), 'invalid_token', 401));

  await step('token endpoint refuses wrong client authentication', async () => {
    const impostor = await discover(wrong);
    await refused(client.refreshTokenGrant(impostor, tokens.refresh_token), 'invalid_client', 401);
  });

  const rotated = await step('refresh', async () => {
    const got = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert(got.refresh_token, 'no new refresh_token');
    assert.notEqual(got.refresh_token, tokens.refresh_token, 'the refresh token was not rotated');
    assert.notEqual(got.access_token, tokens.access_token, 'the access token is the old one');
    if (got.id_token) checkClaims(got.claims(), { sub });
    return [got, got.id_token ? 'rotated, with an ID Token' : 'rotated'];
  });
  await step('UserInfo with the refreshed access token', () => checkUserInfo(rotated.access_token));
  await step('the old refresh token is refused', () => refused(
    client.refreshTokenGrant(config, tokens.refresh_token), 'invalid_grant', 400));
  await step('and its reuse ended the new one too', () => refused(
    client.refreshTokenGrant(config, rotated.refresh_token), 'invalid_grant', 400));

  const again = await step('signing in again with the session', async () => {
    const done = await authorize(config, jar, { scope: 'openid profile email' });
    // The reuse above may have ended the consent, but never the session.
    assert(!done.pages.includes('sign-in'), 'the password was asked for again');
    return [done, done.pages.join(', ') || 'no page'];
  });
  await step('a wrong PKCE verifier is refused', () => refused(
    again.exchange({ pkceCodeVerifier: client.randomPKCECodeVerifier() }), 'invalid_grant', 400));

  const third = await step('prompt=none with session and consent', async () => {
    const done = await authorize(config, jar, { scope: 'openid profile email', prompt: 'none' });
    assert.deepEqual(done.pages, [], 'the pages on the way');
    return [done, 'no page'];
  });
  const last = await step('its code is exchanged', async () => {
    const got = await third.exchange();
    checkClaims(got.claims(), { sub, nonce: third.checks.expectedNonce, keys: ['auth_time'] });
    await checkUserInfo(got.access_token);
    return [got];
  });
  await step('the code is refused the second time', () => refused(third.exchange(), 'invalid_grant', 400));
  await step('and what it had given no longer works', () => refused(
    client.fetchUserInfo(config, last.access_token, sub), 'invalid_token', 401));

  console.log('PASS');
} catch (error) {
  const cause = error.cause && !(error.cause instanceof Response)
    ? ` | cause: ${error.cause.message ?? JSON.stringify(error.cause)}` : '';
  console.error(`FAIL ${current}: ${error.message}${cause}`);
  if (env.DEBUG) console.error(error);
  process.exit(1);
}
