"""The PyPI package joserfc, asked over standard input and output: one JSON object a line in, one a line out.

The operations are those of node/jose-peer.mjs.
"""

import base64
import importlib.metadata
import json
import sys
import warnings

from joserfc import jwe, jwk, jws

# of curves and algorithms it would rather not see
warnings.simplefilter("ignore")


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def key(members):
    members = {name: value for name, value in members.items() if name not in ("use", "key_ops", "alg")}
    return jwk.import_key(members)


def registry(*algorithms):
    # names beyond the registered ones are not ours to judge here
    return jws.JWSRegistry(algorithms=list(algorithms), strict_check_header=False)


def allowed(alg, enc):
    return jwe.JWERegistry(algorithms=[alg, enc, "DEF"], strict_check_header=False)


def sign(alg, jwk, payload, form, header=None):
    octets, secret = decode(payload), key(jwk)
    protected = {"alg": alg, **(header or {})}
    if form.startswith("unencoded"):
        protected |= {"b64": False, "crit": ["b64"]}
    use = registry(alg)
    use.max_signature_length = 8192
    if form in ("compact", "detached"):
        token = jws.serialize_compact(protected, octets, secret, registry=use)
        return jws.detach_content(token) if form == "detached" else token
    if form == "unencoded-detached":
        token = jws.serialize_compact(protected, octets, secret, registry=use)
        # where the payload has URL-safe characters only, joserfc attaches it
        head, _, signature = token.split(".")
        return f"{head}..{signature}"
    member = {"protected": protected}
    if form == "general":
        member["header"] = {"kid": jwk.get("kid", "hint")}
        return jws.serialize_json([member], octets, secret, registry=use)
    return jws.serialize_json(member, octets, secret, registry=use)


def verify(alg, jwk, token, form, payload=None):
    secret, use = key(jwk), registry(alg)
    if isinstance(token, str):
        given = decode(payload) if payload is not None else None
        outcome = jws.deserialize_compact(token, secret, registry=use, payload=given)
        return {"payload": encode(outcome.payload), "header": outcome.headers()}
    outcome = jws.deserialize_json(token, secret, registry=use)
    return {"payload": encode(outcome.payload)}


def encrypt(alg, enc, jwk, plaintext, form, header=None, aad=None, recipients=None):
    octets, use = decode(plaintext), allowed(alg, enc)
    if form == "compact":
        return jwe.encrypt_compact({"alg": alg, "enc": enc, **(header or {})}, octets, key(jwk), registry=use)
    authenticated = decode(aad) if aad is not None else None
    if form == "flattened":
        message = jwe.FlattenedJSONEncryption({"enc": enc, **(header or {})}, octets, aad=authenticated)
        message.add_recipient({"alg": alg}, key(jwk))
        return jwe.encrypt_json(message, None, registry=use)
    message = jwe.GeneralJSONEncryption({"enc": enc, **(header or {})}, octets, aad=authenticated)
    use.allowed = [enc, "DEF"] + [recipient["alg"] for recipient in recipients]
    for recipient in recipients:
        own = {"alg": recipient["alg"]}
        if "kid" in recipient:
            own["kid"] = recipient["kid"]
        message.add_recipient(own, key(recipient["jwk"]))
    return jwe.encrypt_json(message, None, registry=use)


def decrypt(alg, enc, jwk, token, form):
    use = allowed(alg, enc)
    # one of several recipients is enough
    use.verify_all_recipients = False
    if form == "compact":
        return {"plaintext": encode(jwe.decrypt_compact(token, key(jwk), registry=use).plaintext)}
    outcome = jwe.decrypt_json(token, key(jwk), registry=use)
    answer = {"plaintext": encode(outcome.plaintext)}
    if outcome.aad is not None:
        answer["aad"] = encode(outcome.aad)
    return answer


def make(alg, crv=None):
    if crv is None:
        return jwk.generate_key("RSA", 2048, private=True).as_dict(private=True)
    kind = "OKP" if crv in ("Ed25519", "Ed448", "X25519", "X448") else "EC"
    return jwk.generate_key(kind, crv, private=True).as_dict(private=True)


def again(members):
    imported = key(members)
    return imported.as_dict(private=imported.is_private or imported.key_type == "oct")


def thumbprint(members):
    imported = key(members)
    return {"thumbprint": imported.thumbprint(), "uri": imported.thumbprint_uri()}


OPERATIONS = {
    "version": lambda: importlib.metadata.version("joserfc"),
    "jws.sign": sign,
    "jws.verify": verify,
    "jwe.encrypt": encrypt,
    "jwe.decrypt": decrypt,
    "jwk.make": make,
    "jwk.again": lambda alg, jwk: again(jwk),
    "jwk.thumbprint": lambda jwk: thumbprint(jwk),
}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"ok": OPERATIONS[request.pop("op")](**request)}
    except Exception as error:  # noqa: BLE001: whatever it is, the test is told
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
