-- Work to be done later, in the same database as what asked for it.
CREATE TABLE job (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    dedup TEXT,
    payload JSONB NOT NULL,
    owner_account TEXT,
    priority BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead', 'cancelled')),
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    locked_until BIGINT,
    worker TEXT,
    cancel_wanted BOOLEAN NOT NULL,
    done_steps BIGINT NOT NULL,
    all_steps BIGINT NOT NULL,
    note TEXT NOT NULL,
    outcome JSONB,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
-- The queue: what may be claimed, most urgent first.
CREATE INDEX job_queue ON job (priority DESC, run_at) WHERE state IN ('waiting', 'running');
-- One open job for a thing that need not be done twice.
CREATE UNIQUE INDEX job_dedup ON job (kind, dedup) WHERE state IN ('waiting', 'running') AND dedup IS NOT NULL;
CREATE INDEX job_created ON job (created_at);
