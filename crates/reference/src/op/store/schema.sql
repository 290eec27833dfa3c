-- The provider's file, version 1. Records are JSON beside the columns that are searched by; instants are whole
-- seconds since the epoch, and what decides is the instant in the record. Bearer values are SHA-256 hashes.

CREATE TABLE client (
    client_id TEXT PRIMARY KEY,
    record    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    subject       TEXT PRIMARY KEY,
    username      TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    claims        TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    hash       BLOB PRIMARY KEY,
    expires_at INTEGER NOT NULL,
    record     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE interaction (
    hash       BLOB PRIMARY KEY,
    expires_at INTEGER NOT NULL,
    record     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX interaction_expiry ON interaction (expires_at);

CREATE TABLE consent (
    subject   TEXT NOT NULL,
    client_id TEXT NOT NULL,
    record    TEXT NOT NULL,
    PRIMARY KEY (subject, client_id)
) STRICT, WITHOUT ROWID;

-- Everything that came of a grant goes with it, and not before: a spent code or refresh token must be known as
-- spent for as long as the grant lives.
CREATE TABLE grant_given (
    id         TEXT PRIMARY KEY,
    client_id  TEXT NOT NULL,
    subject    TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    record     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX grant_expiry ON grant_given (expires_at);

CREATE TABLE code (
    hash     BLOB PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES grant_given (id) ON DELETE CASCADE,
    used_at  INTEGER,
    record   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX code_grant ON code (grant_id);

CREATE TABLE access_token (
    hash       BLOB PRIMARY KEY,
    grant_id   TEXT NOT NULL REFERENCES grant_given (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    record     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX access_token_grant ON access_token (grant_id);
CREATE INDEX access_token_expiry ON access_token (expires_at);

CREATE TABLE refresh_token (
    hash     BLOB PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES grant_given (id) ON DELETE CASCADE,
    used_at  INTEGER,
    record   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_token_grant ON refresh_token (grant_id);

CREATE TABLE seen_once (
    kind       TEXT NOT NULL,
    issuer     TEXT NOT NULL,
    id         TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (kind, issuer, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_once_expiry ON seen_once (expires_at);

CREATE TABLE signing_key (
    algorithm  TEXT NOT NULL PRIMARY KEY,
    format     TEXT NOT NULL CHECK (format IN ('jwk', 'pkcs8')),
    private    BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
