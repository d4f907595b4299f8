-- What is known about a subject. Two times: the period for which it is true, and when we learned
-- it (and, if it was withdrawn, until when we held it). Nothing is overwritten.
CREATE TABLE fact (
    id TEXT PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value JSONB,
    sealed BYTEA,
    true_from TEXT,
    true_until TEXT,
    source TEXT NOT NULL CHECK (source IN ('self_declared', 'imported', 'computed', 'verified')),
    source_note TEXT NOT NULL,
    source_object TEXT,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT,
    recorded_name TEXT NOT NULL,
    withdrawn_at BIGINT,
    withdrawn_by TEXT,
    withdrawn_note TEXT,
    import_id TEXT
);
CREATE INDEX fact_subject ON fact (subject_kind, subject_id, key, recorded_at);
CREATE INDEX fact_key ON fact (key, subject_id);
CREATE INDEX fact_import ON fact (import_id);
