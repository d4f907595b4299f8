-- Calls: what is called for, by whom, when; every version of the form; who besides the owner may work on the applications.
CREATE TABLE call (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    -- The role in which the owner's office works.
    role TEXT NOT NULL,
    kind TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'closed')),
    opens_at BIGINT,
    -- What comes at this instant comes too late.
    closes_at BIGINT,
    setup JSONB NOT NULL,
    form_version BIGINT NOT NULL,
    version BIGINT NOT NULL,
    cloned_from TEXT,
    -- How many were handed in: whoever hands in takes this row first, so that the window, the number and the instant of
    -- one submission are those of no other.
    submissions BIGINT NOT NULL,
    published_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX call_number ON call (number);
CREATE INDEX call_owner ON call (owner_id, id);
CREATE INDEX call_public ON call (state, closes_at, id);

CREATE TABLE call_form (
    call_id TEXT NOT NULL REFERENCES call (id),
    version BIGINT NOT NULL,
    schema JSONB NOT NULL,
    digest TEXT NOT NULL,
    -- Somebody has begun an application with it; it is never changed any more.
    used BOOLEAN NOT NULL,
    made_at BIGINT NOT NULL,
    made_name TEXT NOT NULL,
    PRIMARY KEY (call_id, version)
);

-- Bodies with a file that run a call for its owner, up to a day.
CREATE TABLE call_operator (
    call_id TEXT NOT NULL REFERENCES call (id),
    organization_id TEXT NOT NULL,
    until_on TEXT NOT NULL,
    PRIMARY KEY (call_id, organization_id)
);
CREATE INDEX call_operator_organization ON call_operator (organization_id, call_id);
