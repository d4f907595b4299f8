-- Acting for others: for which business a handler was given a role, who stands in for whom and why; codes to numbers
-- that have no account yet; links in messages, each for one number only.
ALTER TABLE role_grant ADD COLUMN matters TEXT;
ALTER TABLE role_grant ADD COLUMN deputy_of TEXT;
ALTER TABLE role_grant ADD COLUMN reason TEXT;
CREATE INDEX role_grant_deputy_of ON role_grant (deputy_of);

CREATE TABLE mobile_link (
    id TEXT PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    mobile BYTEA NOT NULL,
    mobile_blind TEXT NOT NULL,
    -- Whom it is for and what it opens, in both languages, said before anything is done.
    label_zh TEXT NOT NULL,
    label_en TEXT,
    target TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE UNIQUE INDEX mobile_link_token_hash ON mobile_link (token_hash);
CREATE INDEX mobile_link_number ON mobile_link (mobile_blind);

ALTER TABLE mobile_code ADD COLUMN joins BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE mobile_code ADD COLUMN link_id TEXT;
