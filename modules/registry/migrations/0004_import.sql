-- Imports: a table handed in, how its columns are read, what came of it; and whatever came from it
-- is marked, so that the whole can be undone.
CREATE TABLE import (
    id TEXT PRIMARY KEY,
    keeper_id TEXT REFERENCES organization (id),
    file_id TEXT NOT NULL,
    file_name TEXT NOT NULL,
    mapping JSONB NOT NULL,
    state TEXT NOT NULL,
    job_id TEXT,
    rows_read BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    faulty BIGINT NOT NULL,
    last_row BIGINT NOT NULL,
    problem JSONB,
    created_by TEXT,
    created_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX import_keeper ON import (keeper_id, id);
CREATE TABLE import_fault (
    import_id TEXT NOT NULL REFERENCES import (id),
    row_number BIGINT NOT NULL,
    position BIGINT NOT NULL,
    column_letter TEXT NOT NULL,
    field TEXT NOT NULL,
    code TEXT NOT NULL,
    args JSONB NOT NULL,
    PRIMARY KEY (import_id, row_number, position)
);
ALTER TABLE person ADD COLUMN import_id TEXT;
ALTER TABLE affiliation ADD COLUMN import_id TEXT;
CREATE INDEX person_import ON person (import_id);
CREATE INDEX affiliation_import ON affiliation (import_id);
