-- What waits for somebody (待办), of all modules in one list. Who it waits for is one person, a role
-- (for one organisation or for any), or whoever acts for an organisation.
CREATE TABLE task (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    -- Tells tasks of one kind on one object apart; empty where there is one only.
    dedup TEXT NOT NULL,
    title_key TEXT NOT NULL,
    args JSONB NOT NULL,
    link TEXT NOT NULL,
    for_person TEXT,
    for_role TEXT,
    for_organization TEXT,
    due_on TEXT,
    created_at BIGINT NOT NULL,
    done_at BIGINT,
    done_by TEXT,
    CHECK (for_person IS NOT NULL OR for_role IS NOT NULL OR for_organization IS NOT NULL)
);
CREATE UNIQUE INDEX task_kind_object_kind_object_id_dedup ON task (kind, object_kind, object_id, dedup) WHERE done_at IS NULL;
CREATE INDEX task_object ON task (object_kind, object_id);
CREATE INDEX task_for_person ON task (for_person) WHERE done_at IS NULL;
CREATE INDEX task_for_role ON task (for_role, for_organization) WHERE done_at IS NULL;
CREATE INDEX task_for_organization ON task (for_organization) WHERE done_at IS NULL;
