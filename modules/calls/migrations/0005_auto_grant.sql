-- Applying without applying (免申即享): lists that the system computed, and of each firm what it answered.
CREATE TABLE call_auto_grant (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    call_id TEXT NOT NULL REFERENCES call (id),
    owner_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('computing', 'checking', 'asking', 'over')),
    -- The day that the rule was asked about.
    as_of TEXT NOT NULL,
    -- How many were looked at, how many of them are listed, and why the others are not.
    counts JSONB NOT NULL,
    -- The work that computes it.
    job_id TEXT,
    started_name TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    asked_name TEXT NOT NULL,
    asked_at BIGINT
);
CREATE UNIQUE INDEX call_auto_grant_number ON call_auto_grant (number);
CREATE INDEX call_auto_grant_call ON call_auto_grant (call_id, id);
CREATE INDEX call_auto_grant_owner ON call_auto_grant (owner_id, state);

CREATE TABLE call_auto_grant_line (
    id TEXT PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES call_auto_grant (id),
    call_id TEXT NOT NULL REFERENCES call (id),
    owner_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    organization_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- As of the day it confirmed.
    uscc TEXT NOT NULL,
    -- In fen.
    amount BIGINT NOT NULL CHECK (amount > 0),
    state TEXT NOT NULL
        CHECK (state IN ('found', 'removed', 'asked', 'accepted', 'declined', 'stopped', 'expired')),
    -- Why it is removed, declined or stopped.
    reason TEXT NOT NULL,
    -- 1 while the line stands; none once it does not, so that the firm has one line that stands to a call.
    hold BIGINT,
    -- The firm has begun to fill in the form by hand.
    has_draft BOOLEAN NOT NULL,
    -- How often it was asked.
    asked BIGINT NOT NULL,
    -- The last day for an answer.
    due_on TEXT,
    -- What the rule said when it was asked, with its proof.
    decision_id TEXT,
    application_id TEXT,
    -- Bank and account number, sealed.
    account BYTEA,
    answered_name TEXT NOT NULL,
    answered_at BIGINT
);
CREATE UNIQUE INDEX call_auto_grant_line_call_id_organization_id_hold
    ON call_auto_grant_line (call_id, organization_id, hold);
CREATE INDEX call_auto_grant_line_run ON call_auto_grant_line (run_id, place);
CREATE INDEX call_auto_grant_line_organization ON call_auto_grant_line (organization_id, id);
CREATE INDEX call_auto_grant_line_due ON call_auto_grant_line (state, due_on);
CREATE INDEX call_auto_grant_line_application ON call_auto_grant_line (application_id);
