-- What is held of an organisation in one row, for questions to the whole register; and what rules decided, with everything
-- it takes to decide it again.
CREATE TABLE organization_known (
    organization_id TEXT PRIMARY KEY REFERENCES organization (id),
    known BYTEA NOT NULL
);

CREATE TABLE rule_text (
    -- SHA-256 of the text.
    digest TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    kept_at BIGINT NOT NULL
);

CREATE TABLE decision (
    id TEXT PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    -- What it was decided for, such as a policy.
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    rule_digest TEXT NOT NULL REFERENCES rule_text (digest),
    as_of TEXT NOT NULL,
    known_at BIGINT NOT NULL,
    -- The facts as the policy read them, in the canonical form of JSON.
    facts TEXT NOT NULL,
    -- The answer with its proof, in the canonical form of JSON.
    answer TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    decided_by TEXT
);
CREATE INDEX decision_subject ON decision (subject_kind, subject_id, object_kind, object_id, id);
CREATE INDEX decision_object ON decision (object_kind, object_id, id);
