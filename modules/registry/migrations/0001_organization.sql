-- Organisations: what identifies them. Everything else known about them is a fact; the columns
-- from `region` to `founded_on` repeat today's value of a fact so that lists can be filtered.
CREATE TABLE organization (
    id TEXT PRIMARY KEY,
    uscc TEXT,
    name_zh TEXT NOT NULL,
    name_en TEXT,
    name_key TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    society_level TEXT,
    intro_zh TEXT NOT NULL,
    intro_en TEXT,
    keeper_id TEXT REFERENCES organization (id),
    listed BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'dissolved')),
    region TEXT,
    industry TEXT,
    digital_class TEXT,
    size_class TEXT,
    founded_on TEXT,
    completeness BIGINT NOT NULL,
    import_id TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX organization_uscc ON organization (uscc);
CREATE INDEX organization_name_key ON organization (name_key);
CREATE INDEX organization_sort ON organization (sort_key, id);
CREATE INDEX organization_keeper ON organization (keeper_id, sort_key, id);
CREATE INDEX organization_listed ON organization (sort_key, id) WHERE listed AND state = 'active';
CREATE INDEX organization_import ON organization (import_id);

-- How organisations stand to each other: member of, hosted by, branch of, supervised by.
CREATE TABLE relation (
    id TEXT PRIMARY KEY,
    from_id TEXT NOT NULL REFERENCES organization (id),
    to_id TEXT NOT NULL REFERENCES organization (id),
    kind TEXT NOT NULL,
    grade TEXT,
    number TEXT,
    valid_from TEXT,
    valid_until TEXT,
    note TEXT NOT NULL,
    source TEXT NOT NULL,
    import_id TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX relation_from ON relation (from_id, kind);
CREATE INDEX relation_to ON relation (to_id, kind, from_id);
CREATE UNIQUE INDEX relation_open ON relation (from_id, to_id, kind) WHERE ended_at IS NULL;
CREATE INDEX relation_import ON relation (import_id);
