-- Plans (规划) beside policies: indicators with base, target and actual values, tasks with lead, partners, a day and quarterly
-- progress; whom an office told of a policy and what they replied.
CREATE TABLE plan (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT,
    year_from BIGINT NOT NULL,
    year_to BIGINT NOT NULL,
    summary TEXT NOT NULL,
    note TEXT NOT NULL,
    published_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX plan_number ON plan (number);
CREATE INDEX plan_owner ON plan (owner_id, id);

CREATE TABLE plan_indicator (
    id TEXT PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plan (id),
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    -- Decimal numbers as they are written.
    base TEXT NOT NULL,
    target TEXT NOT NULL
);
CREATE INDEX plan_indicator_plan ON plan_indicator (plan_id, id);

CREATE TABLE plan_value (
    indicator_id TEXT NOT NULL REFERENCES plan_indicator (id),
    year BIGINT NOT NULL,
    value TEXT NOT NULL,
    noted_at BIGINT NOT NULL,
    noted_name TEXT NOT NULL,
    PRIMARY KEY (indicator_id, year)
);

CREATE TABLE plan_task (
    id TEXT PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plan (id),
    goal TEXT NOT NULL,
    title TEXT NOT NULL,
    lead TEXT NOT NULL,
    partners TEXT NOT NULL,
    due_on TEXT
);
CREATE INDEX plan_task_plan ON plan_task (plan_id, id);

CREATE TABLE plan_progress (
    task_id TEXT NOT NULL REFERENCES plan_task (id),
    -- The year times ten, plus the quarter.
    quarter BIGINT NOT NULL,
    light TEXT NOT NULL CHECK (light IN ('green', 'amber', 'red')),
    words TEXT NOT NULL,
    noted_at BIGINT NOT NULL,
    noted_name TEXT NOT NULL,
    PRIMARY KEY (task_id, quarter)
);

CREATE TABLE policy_told (
    policy_id TEXT NOT NULL REFERENCES policy (id),
    organization_id TEXT NOT NULL,
    told_at BIGINT NOT NULL,
    told_name TEXT NOT NULL,
    reply TEXT CHECK (reply IN ('applies', 'not_now', 'help')),
    reply_note TEXT NOT NULL,
    replied_at BIGINT,
    replied_name TEXT NOT NULL,
    PRIMARY KEY (policy_id, organization_id)
);
CREATE INDEX policy_told_organization ON policy_told (organization_id, policy_id);
