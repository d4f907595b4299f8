-- Saved views: filters of a list under a name, shared by an office.
CREATE TABLE saved_view (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    -- An object of the filter's fields, as texts.
    filter JSONB NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX saved_view_owner_id_name ON saved_view (owner_id, name);
