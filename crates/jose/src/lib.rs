//! JWA, JWK, JWS and JWT: bytes, headers, keys, policy, and the crypto traits
