-- Taking over a file (认领): letters with a code, claims made with one or without, and what a claimant wrote before the
-- claim was checked, which is no fact yet.
ALTER TABLE organization ADD COLUMN claimed_at BIGINT;
CREATE INDEX organization_claimed ON organization (claimed_at);

CREATE TABLE claim_letter (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    batch_id TEXT NOT NULL,
    code_hash BYTEA NOT NULL,
    -- So that a page of letters can be printed again.
    code_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    expires_at BIGINT NOT NULL,
    -- Used, or replaced by a newer letter.
    ended_at BIGINT
);
CREATE UNIQUE INDEX claim_letter_code_hash ON claim_letter (code_hash);
CREATE INDEX claim_letter_batch ON claim_letter (batch_id, id);
CREATE INDEX claim_letter_organization ON claim_letter (organization_id) WHERE ended_at IS NULL;

CREATE TABLE claim (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    keeper_id TEXT REFERENCES organization (id),
    letter_id TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('take_over', 'transfer', 'representative')),
    account_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    claimant_name TEXT NOT NULL,
    claimant_role TEXT NOT NULL,
    uscc TEXT NOT NULL,
    representative TEXT NOT NULL,
    valid_until TEXT,
    note TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'approved', 'rejected', 'withdrawn', 'released')),
    opinion TEXT NOT NULL,
    alone BOOLEAN NOT NULL,
    grant_id TEXT,
    created_at BIGINT NOT NULL,
    submitted_at BIGINT,
    decided_at BIGINT,
    decided_name TEXT NOT NULL
);
CREATE UNIQUE INDEX claim_number ON claim (number);
CREATE UNIQUE INDEX claim_organization_id_account_id ON claim (organization_id, account_id)
    WHERE state IN ('draft', 'submitted', 'returned');
CREATE INDEX claim_keeper ON claim (keeper_id, state, id);
CREATE INDEX claim_account ON claim (account_id, id);

CREATE TABLE claim_fact (
    claim_id TEXT NOT NULL REFERENCES claim (id),
    key TEXT NOT NULL,
    -- Empty where the value is for no period.
    true_from TEXT NOT NULL,
    true_until TEXT NOT NULL,
    value JSONB NOT NULL,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (claim_id, key, true_from)
);
