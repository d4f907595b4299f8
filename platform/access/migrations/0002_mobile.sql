-- Signing in by a code that comes to one's mobile number.
ALTER TABLE account ADD COLUMN mobile BYTEA;
ALTER TABLE account ADD COLUMN mobile_blind TEXT;
ALTER TABLE account ADD COLUMN mobile_confirmed_at BIGINT;
CREATE UNIQUE INDEX account_mobile_blind ON account (mobile_blind) WHERE mobile_blind IS NOT NULL;

CREATE TABLE mobile_code (
    id TEXT PRIMARY KEY,
    challenge_hash BYTEA NOT NULL,
    code_hash BYTEA NOT NULL,
    mobile BYTEA NOT NULL,
    mobile_blind TEXT NOT NULL,
    account_id TEXT REFERENCES account (id),
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    used_at BIGINT
);
CREATE UNIQUE INDEX mobile_code_challenge_hash ON mobile_code (challenge_hash);
CREATE INDEX mobile_code_number ON mobile_code (mobile_blind, created_at);
CREATE INDEX mobile_code_address ON mobile_code (address, created_at);
