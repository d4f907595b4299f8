-- What people are told: their inbox, what they want to be told, and the mails on their way. A mail
-- holds no address: that is looked up when it is sent.
CREATE TABLE notice (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    message_key TEXT NOT NULL,
    args JSONB NOT NULL,
    link TEXT,
    object_kind TEXT,
    object_id TEXT,
    -- Whether it shows in the inbox; a notice may be wanted by mail only.
    in_inbox BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX notice_person ON notice (person_id, id);
CREATE INDEX notice_unread ON notice (person_id, id) WHERE in_inbox AND read_at IS NULL;

CREATE TABLE notice_preference (
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    inbox BOOLEAN NOT NULL,
    email BOOLEAN NOT NULL,
    PRIMARY KEY (person_id, kind)
);

CREATE TABLE mail (
    id TEXT PRIMARY KEY,
    notice_id TEXT NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'skipped', 'refused')),
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX mail_notice ON mail (notice_id);
