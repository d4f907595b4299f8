-- Joining two files of one organisation: the one that goes points at the one that stays, and what was moved is kept, so that
-- it can be undone to the row.
ALTER TABLE organization ADD COLUMN merged_into TEXT REFERENCES organization (id);

CREATE TABLE merge (
    id TEXT PRIMARY KEY,
    from_id TEXT NOT NULL REFERENCES organization (id),
    to_id TEXT NOT NULL REFERENCES organization (id),
    -- The name of the file that went.
    name TEXT NOT NULL,
    -- What was moved, and what both files said of themselves before.
    moved JSONB NOT NULL,
    reason TEXT NOT NULL,
    merged_by TEXT,
    merged_name TEXT NOT NULL,
    merged_at BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX merge_to ON merge (to_id, id);
CREATE UNIQUE INDEX merge_from_id ON merge (from_id) WHERE undone_at IS NULL;
