-- Who may sign in, with which roles, from which devices.
CREATE TABLE account (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    display_name TEXT NOT NULL,
    password_hash TEXT,
    locale TEXT,
    large_type BOOLEAN NOT NULL DEFAULT FALSE,
    email TEXT,
    state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    created_at BIGINT NOT NULL,
    password_set_at BIGINT
);
CREATE UNIQUE INDEX account_name_key ON account (name_key);
CREATE INDEX account_person ON account (person_id);

CREATE TABLE role_grant (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL,
    role TEXT NOT NULL,
    organization_id TEXT,
    valid_from TEXT,
    valid_until TEXT,
    granted_by TEXT,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX role_grant_person ON role_grant (person_id);
CREATE INDEX role_grant_organization ON role_grant (organization_id);

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    grant_id TEXT,
    device TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX session_token_hash ON session (token_hash);
CREATE INDEX session_account ON session (account_id);

CREATE TABLE sign_in_attempt (
    id TEXT PRIMARY KEY,
    name_key TEXT NOT NULL,
    address TEXT NOT NULL,
    at BIGINT NOT NULL,
    succeeded BOOLEAN NOT NULL
);
CREATE INDEX sign_in_attempt_name ON sign_in_attempt (name_key, at);
CREATE INDEX sign_in_attempt_address ON sign_in_attempt (address, at);

CREATE TABLE invitation (
    id TEXT PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    created_by TEXT,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE UNIQUE INDEX invitation_token_hash ON invitation (token_hash);
