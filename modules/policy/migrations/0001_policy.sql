-- Policies: a document and a program over the file, each version kept, with what reviews said, what enterprises answered
-- and allowed to be seen; and plans with their goals, tasks and progress.
CREATE TABLE policy (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT,
    issuer TEXT NOT NULL,
    -- 文号, once it is issued.
    doc_no TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('nation', 'city', 'district', 'park')),
    topic TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'issued', 'published', 'refused', 'abolished')),
    disclosure TEXT NOT NULL CHECK (disclosure IN ('published', 'on_request', 'withheld')),
    issued_on TEXT,
    effective_from TEXT,
    effective_to TEXT,
    ended_on TEXT,
    ended_note TEXT NOT NULL,
    replaced_by TEXT,
    -- Where the text stands, and what is to be known of it, such as that it is a demonstration.
    source TEXT NOT NULL,
    note_zh TEXT NOT NULL,
    note_en TEXT NOT NULL,
    version BIGINT NOT NULL,
    published_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    sort_key TEXT NOT NULL
);
CREATE UNIQUE INDEX policy_number ON policy (number);
CREATE INDEX policy_owner ON policy (owner_id, id);
CREATE INDEX policy_status ON policy (status, issued_on, id);

CREATE TABLE policy_version (
    policy_id TEXT NOT NULL REFERENCES policy (id),
    version BIGINT NOT NULL,
    -- The program, a document of the policy language.
    text TEXT NOT NULL,
    -- Sentences of the clauses, the guide, the interpretation.
    body JSONB NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT,
    made_name TEXT NOT NULL,
    PRIMARY KEY (policy_id, version)
);

-- The review of fair competition (公平竞争审查): nothing is issued without one of the version that is issued.
CREATE TABLE policy_review (
    policy_id TEXT NOT NULL REFERENCES policy (id),
    version BIGINT NOT NULL,
    basis TEXT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('clean', 'exception')),
    exception TEXT NOT NULL,
    ends_on TEXT,
    reviewed_at BIGINT NOT NULL,
    reviewed_by TEXT,
    reviewed_name TEXT NOT NULL,
    PRIMARY KEY (policy_id, version)
);

-- What an enterprise answered that its file has no place for, by the program's name.
CREATE TABLE policy_answer (
    policy_id TEXT NOT NULL REFERENCES policy (id),
    organization_id TEXT NOT NULL,
    name TEXT NOT NULL,
    value JSONB NOT NULL,
    answered_at BIGINT NOT NULL,
    answered_by TEXT,
    answered_name TEXT NOT NULL,
    PRIMARY KEY (policy_id, organization_id, name)
);
CREATE INDEX policy_answer_organization ON policy_answer (organization_id, policy_id);

-- That an office may see what an enterprise gets and why.
CREATE TABLE policy_authorization (
    policy_id TEXT NOT NULL REFERENCES policy (id),
    organization_id TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    given_by TEXT,
    withdrawn_at BIGINT,
    PRIMARY KEY (policy_id, organization_id)
);
CREATE INDEX policy_authorization_organization ON policy_authorization (organization_id, policy_id);
