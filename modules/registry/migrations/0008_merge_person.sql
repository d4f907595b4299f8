-- Joining two files of one person, as those of organisations are joined.
ALTER TABLE person ADD COLUMN merged_into TEXT REFERENCES person (id);

CREATE TABLE person_merge (
    id TEXT PRIMARY KEY,
    from_id TEXT NOT NULL REFERENCES person (id),
    to_id TEXT NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    moved JSONB NOT NULL,
    reason TEXT NOT NULL,
    merged_by TEXT,
    merged_name TEXT NOT NULL,
    merged_at BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX person_merge_to ON person_merge (to_id, id);
CREATE UNIQUE INDEX person_merge_from_id ON person_merge (from_id) WHERE undone_at IS NULL;
