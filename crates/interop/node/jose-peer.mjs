// The npm package jose, asked over standard input and output: one JSON object a line in, one a line out.
//
//   {"op": name, ...}  ->  {"ok": answer}  or  {"error": message}
//
// Octets travel as base64url. A key is a JWK; for PBES2 an oct JWK whose k is the password.
//
//   jws.sign    alg, jwk, payload, form, header   token: text, or an object for the JSON forms
//   jws.verify  alg, jwk, token, form, payload    payload, where detached; the answer has payload and header
//   jwe.encrypt alg, enc, jwk, plaintext, form, header, aad, recipients
//   jwe.decrypt alg, enc, jwk, token, form
//   jwk.make    alg, crv                          a private JWK
//   jwk.again   alg, jwk                          imported and exported
//   jwk.thumbprint jwk                            thumbprint and uri
//
// Forms: compact, flattened, general; of a JWS also detached, detached-flattened, unencoded-detached,
// unencoded-flattened. Ends when standard input closes.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as jose from 'jose';

const { decode, encode } = jose.base64url;

async function key(jwk, alg) {
  if (jwk.kty === 'oct') return decode(jwk.k);
  return jose.importJWK({ ...jwk, use: undefined, key_ops: undefined }, alg, { extractable: true });
}

const unencoded = (form) => form.startsWith('unencoded');
const detached = (form) => form.includes('detached');
const crit = { crit: { b64: true } };

async function sign({ alg, jwk, payload, form, header = {} }) {
  const octets = decode(payload);
  const secret = await key(jwk, alg);
  const protectedHeader = { alg, ...header, ...(unencoded(form) ? { b64: false, crit: ['b64'] } : {}) };
  const options = unencoded(form) ? crit : undefined;
  if (form === 'compact') return new jose.CompactSign(octets).setProtectedHeader(protectedHeader).sign(secret);
  if (form === 'general') {
    const general = new jose.GeneralSign(octets);
    general.addSignature(secret).setProtectedHeader(protectedHeader).setUnprotectedHeader({ kid: jwk.kid ?? 'hint' });
    return general.sign();
  }
  const jws = await new jose.FlattenedSign(octets).setProtectedHeader(protectedHeader).sign(secret, options);
  if (form === 'detached' || form === 'unencoded-detached') return `${jws.protected}..${jws.signature}`;
  if (form === 'detached-flattened') delete jws.payload;
  // an unencoded payload is left out by jose: its place in the JSON form is the caller's
  if (form === 'unencoded-flattened') jws.payload = new TextDecoder().decode(octets);
  return jws;
}

async function verify({ alg, jwk, token, form, payload }) {
  const secret = await key(jwk, alg);
  const options = { algorithms: [alg], ...(unencoded(form) ? crit : {}) };
  let outcome;
  if (form === 'compact') outcome = await jose.compactVerify(token, secret, options);
  else if (form === 'general') outcome = await jose.generalVerify(token, secret, options);
  else {
    let jws = token;
    if (typeof jws === 'string') {
      const [protectedHeader, , signature] = jws.split('.');
      jws = { protected: protectedHeader, signature };
    }
    if (detached(form)) jws.payload = unencoded(form) ? decode(payload) : payload;
    outcome = await jose.flattenedVerify(jws, secret, options);
  }
  return { payload: encode(outcome.payload), header: outcome.protectedHeader };
}

async function encrypt({ alg, enc, jwk, plaintext, form, header = {}, aad, recipients }) {
  const octets = decode(plaintext);
  const parameters = { p2c: 2048 };
  if (form === 'compact') {
    const jwe = new jose.CompactEncrypt(octets).setProtectedHeader({ alg, enc, ...header });
    if (alg.startsWith('PBES2')) jwe.setKeyManagementParameters(parameters);
    return jwe.encrypt(await key(jwk, alg));
  }
  if (form === 'flattened') {
    const jwe = new jose.FlattenedEncrypt(octets).setProtectedHeader({ alg, enc, ...header });
    if (aad !== undefined) jwe.setAdditionalAuthenticatedData(decode(aad));
    if (alg.startsWith('PBES2')) jwe.setKeyManagementParameters(parameters);
    return jwe.encrypt(await key(jwk, alg));
  }
  const jwe = new jose.GeneralEncrypt(octets).setProtectedHeader({ enc, ...header });
  if (aad !== undefined) jwe.setAdditionalAuthenticatedData(decode(aad));
  for (const recipient of recipients) {
    const to = jwe.addRecipient(await key(recipient.jwk, recipient.alg));
    to.setUnprotectedHeader({ alg: recipient.alg, ...(recipient.kid ? { kid: recipient.kid } : {}) });
    if (recipient.alg.startsWith('PBES2')) to.setKeyManagementParameters(parameters);
  }
  return jwe.encrypt();
}

async function decrypt({ alg, enc, jwk, token, form }) {
  const options = { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [enc] };
  const secret = await key(jwk, alg);
  let outcome;
  if (form === 'compact') outcome = await jose.compactDecrypt(token, secret, options);
  else if (form === 'flattened') outcome = await jose.flattenedDecrypt(token, secret, options);
  else outcome = await jose.generalDecrypt(token, secret, options);
  const aad = outcome.additionalAuthenticatedData;
  return { plaintext: encode(outcome.plaintext), ...(aad ? { aad: encode(aad) } : {}) };
}

const operations = {
  version: () => JSON.parse(readFileSync(new URL('./node_modules/jose/package.json', import.meta.url))).version,
  'jws.sign': sign,
  'jws.verify': verify,
  'jwe.encrypt': encrypt,
  'jwe.decrypt': decrypt,
  'jwk.make': async ({ alg, crv }) => {
    const { privateKey } = await jose.generateKeyPair(alg, { crv, extractable: true });
    return jose.exportJWK(privateKey);
  },
  'jwk.again': async ({ alg, jwk }) => jose.exportJWK(await key(jwk, alg)),
  'jwk.thumbprint': async ({ jwk }) => ({
    thumbprint: await jose.calculateJwkThumbprint(jwk),
    uri: await jose.calculateJwkThumbprintUri(jwk),
  }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    const operation = operations[request.op];
    if (!operation) throw new Error(`no operation ${request.op}`);
    answer = { ok: await operation(request) };
  } catch (error) {
    answer = { error: `${error.name}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
