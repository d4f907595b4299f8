-- What was done here: append-only. `data` and `salt` may be emptied together when personal data
-- must go; the digest stays and proves that something was recorded, without saying what.
CREATE TABLE record_entry (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_account TEXT,
    actor_person TEXT,
    actor_organization TEXT,
    actor_role TEXT,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    data JSONB,
    salt BYTEA,
    digest BYTEA NOT NULL
);
CREATE INDEX record_entry_object ON record_entry (object_kind, object_id, id);
CREATE INDEX record_entry_action ON record_entry (action, id);
CREATE INDEX record_entry_account ON record_entry (actor_account, id);
