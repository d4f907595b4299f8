-- Programs that act in somebody's place: each token wears one hat, or some areas of it, until a day.
CREATE TABLE api_token (
    id TEXT PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    grant_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Words as `registry:read`, a blank between them.
    areas TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX api_token_token_hash ON api_token (token_hash);
CREATE INDEX api_token_account ON api_token (account_id);
