-- What somebody has typed into a form and not sent yet.
CREATE TABLE draft (
    account_id TEXT NOT NULL,
    key TEXT NOT NULL,
    fields JSONB NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, key)
);
CREATE INDEX draft_updated ON draft (updated_at);
