-- Other programs that are told what was done here, and what was handed to them.
CREATE TABLE webhook (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    -- What the actions begin with that it is told of; empty for all.
    actions JSONB NOT NULL,
    secret_sealed BYTEA NOT NULL,
    -- The secret before, which signs beside the new one until then.
    old_secret_sealed BYTEA,
    old_until BIGINT,
    state TEXT NOT NULL CHECK (state IN ('active', 'paused')),
    -- The place in the record from which on it is to be told.
    cursor BIGINT NOT NULL,
    failing_since BIGINT,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX webhook_name ON webhook (name) WHERE removed_at IS NULL;

CREATE TABLE webhook_delivery (
    id TEXT PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhook (id),
    -- The place of the entry in the record; none for a test.
    number BIGINT,
    action TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'failed')),
    attempts BIGINT NOT NULL,
    -- What was answered last: a status, or nothing and why.
    status BIGINT,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    tried_at BIGINT
);
CREATE INDEX webhook_delivery_webhook ON webhook_delivery (webhook_id, id);
CREATE INDEX webhook_delivery_created ON webhook_delivery (created_at);
