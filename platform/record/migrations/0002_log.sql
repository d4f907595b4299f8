-- The record becomes a log that others can check: entries get their place from one sequencer after
-- they were committed; the tree over them is kept as tiles; its state is signed by keys that are
-- sealed under the master key.
ALTER TABLE record_entry ADD COLUMN number BIGINT;
CREATE UNIQUE INDEX record_entry_number ON record_entry (number);
CREATE INDEX record_entry_waiting ON record_entry (id) WHERE number IS NULL;
CREATE TABLE record_tile (
    level BIGINT NOT NULL,
    place BIGINT NOT NULL,
    nodes BYTEA NOT NULL,
    PRIMARY KEY (level, place)
);
CREATE TABLE record_log (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    origin TEXT NOT NULL,
    size BIGINT NOT NULL,
    checkpoint TEXT NOT NULL,
    signed_at BIGINT NOT NULL
);
CREATE TABLE record_key (
    id TEXT PRIMARY KEY,
    algorithm TEXT NOT NULL,
    public BYTEA NOT NULL,
    secret BYTEA NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT,
    vouched JSONB NOT NULL
);
