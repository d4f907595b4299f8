-- The search index: one row an object, its words as a text-search vector.
CREATE TABLE search_entry (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    terms TEXT NOT NULL,
    vector TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', terms)) STORED
);
CREATE UNIQUE INDEX search_entry_kind_object_id ON search_entry (kind, object_id);
CREATE INDEX search_entry_vector ON search_entry USING GIN (vector);
