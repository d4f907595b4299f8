-- Public notices (公示) with their lists, and objections by real name, whose authors stay secret.
CREATE TABLE call_notice (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    call_id TEXT NOT NULL REFERENCES call (id),
    owner_id TEXT NOT NULL,
    title TEXT NOT NULL,
    basis TEXT NOT NULL,
    body TEXT NOT NULL,
    office TEXT NOT NULL,
    address TEXT NOT NULL,
    telephone TEXT NOT NULL,
    supervision TEXT NOT NULL,
    begins_on TEXT NOT NULL,
    -- The last day.
    ends_on TEXT NOT NULL,
    -- From this day on names of people are not shown any more; the record is kept.
    hidden_on TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'over')),
    created_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX call_notice_number ON call_notice (number);
CREATE INDEX call_notice_state ON call_notice (state, ends_on);
CREATE INDEX call_notice_call ON call_notice (call_id, id);
CREATE INDEX call_notice_owner ON call_notice (owner_id, id);

CREATE TABLE call_notice_line (
    notice_id TEXT NOT NULL REFERENCES call_notice (id),
    application_id TEXT NOT NULL REFERENCES call_application (id),
    place BIGINT NOT NULL,
    name TEXT NOT NULL,
    is_person BOOLEAN NOT NULL,
    project TEXT NOT NULL,
    -- In fen.
    amount BIGINT,
    state TEXT NOT NULL CHECK (state IN ('listed', 'stopped', 'removed', 'final')),
    -- Why it is stopped or removed, without a name.
    reason TEXT NOT NULL,
    PRIMARY KEY (notice_id, application_id)
);
CREATE INDEX call_notice_line_application ON call_notice_line (application_id);

CREATE TABLE call_objection (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    notice_id TEXT NOT NULL REFERENCES call_notice (id),
    application_id TEXT NOT NULL,
    -- Name and telephone of whoever objects.
    sealed BYTEA NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'refused')),
    -- What was found, for the office; what is answered, for whoever objected.
    findings TEXT NOT NULL,
    answer TEXT NOT NULL,
    filed_by TEXT NOT NULL,
    person_id TEXT,
    filed_at BIGINT NOT NULL,
    answered_name TEXT NOT NULL,
    answered_at BIGINT
);
CREATE UNIQUE INDEX call_objection_number ON call_objection (number);
CREATE INDEX call_objection_notice ON call_objection (notice_id, id);
CREATE INDEX call_objection_filed ON call_objection (filed_by, id);
