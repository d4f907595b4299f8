-- Cases that go through steps which are data: the plan a case was begun with stays with it, and every step that was opened.
CREATE TABLE flow (
    id TEXT PRIMARY KEY,
    -- Which of several flows of one object, such as `policy.life`.
    name TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    -- What tasks call the case, and where it is worked on.
    title TEXT NOT NULL,
    link TEXT NOT NULL,
    plan JSONB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'rejected', 'withdrawn')),
    stage BIGINT NOT NULL,
    -- Goes up with every return, so that a step may be done again.
    round BIGINT NOT NULL,
    -- Goes up with every change: of two who act at once, one is told to look again.
    version BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX flow_object_kind_object_id_name ON flow (object_kind, object_id, name) WHERE state = 'running';
CREATE INDEX flow_object ON flow (object_kind, object_id);

CREATE TABLE flow_step (
    id TEXT PRIMARY KEY,
    flow_id TEXT NOT NULL REFERENCES flow (id),
    stage BIGINT NOT NULL,
    round BIGINT NOT NULL,
    step TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'running', 'done', 'void')),
    outcome TEXT,
    opinion TEXT NOT NULL,
    -- Of a vote who voted how; of a return where to.
    details JSONB NOT NULL,
    account_id TEXT,
    name TEXT NOT NULL,
    -- Nobody else could have done it, though the plan wants another person.
    alone BOOLEAN NOT NULL,
    opened_at BIGINT NOT NULL,
    due_on TEXT,
    -- The first day after a notice.
    ends_on TEXT,
    closed_at BIGINT
);
CREATE UNIQUE INDEX flow_step_flow_id_round_stage_step ON flow_step (flow_id, round, stage, step);
CREATE INDEX flow_step_ends_on ON flow_step (ends_on) WHERE state = 'running';
