-- A second proof at sign-in: codes of an authenticator app (RFC 6238), and codes on paper for when it is lost.
CREATE TABLE second_factor (
    account_id TEXT PRIMARY KEY REFERENCES account (id),
    secret BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    -- The last step of 30 seconds whose code was used: no code is used twice.
    last_step BIGINT NOT NULL
);

CREATE TABLE recovery_code (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    code_blind TEXT NOT NULL,
    used_at BIGINT
);
CREATE UNIQUE INDEX recovery_code_account_id_code_blind ON recovery_code (account_id, code_blind);

-- Somebody who gave the first proof and is asked for the second.
CREATE TABLE sign_in_step (
    id TEXT PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    used_at BIGINT
);
CREATE UNIQUE INDEX sign_in_step_token_hash ON sign_in_step (token_hash);
