-- What people say about an object, and who may read it. A removed comment loses its text.
CREATE TABLE comment (
    id TEXT PRIMARY KEY,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    author_account TEXT,
    author_person TEXT,
    author_organization TEXT,
    author_name TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('internal', 'shared')),
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX comment_object ON comment (object_kind, object_id, id);
