-- Decisions and who signed them: so that nobody decides what they prepared, and a decision that takes two takes two.
CREATE TABLE sign_off (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    owner_id TEXT,
    outcome TEXT NOT NULL,
    opinion TEXT NOT NULL,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Nobody else could have signed: the decision is one person's, and is shown to the supervisor.
    alone BOOLEAN NOT NULL,
    signed_at BIGINT NOT NULL,
    -- Decided, or overtaken by somebody who decided otherwise.
    closed_at BIGINT
);
CREATE UNIQUE INDEX sign_off_kind_object_kind_object_id ON sign_off (kind, object_kind, object_id) WHERE closed_at IS NULL;
CREATE INDEX sign_off_object ON sign_off (object_kind, object_id);
CREATE INDEX sign_off_alone ON sign_off (owner_id, signed_at) WHERE alone;
