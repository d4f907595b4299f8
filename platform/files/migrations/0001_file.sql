-- Attachments: what a file is called and what it hangs on. The bytes lie under their digest in the
-- blob store, once however often they are attached.
CREATE TABLE file (
    id TEXT PRIMARY KEY,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    removed_at BIGINT
);
CREATE INDEX file_object ON file (object_kind, object_id, id);
CREATE INDEX file_digest ON file (digest);
