-- Judging: pools of experts, rounds with panels and judges, entries, scores, draws, results.
CREATE TABLE review_expert (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    name TEXT NOT NULL,
    institution TEXT NOT NULL,
    institution_id TEXT,
    post TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('technology', 'investment', 'industry', 'finance', 'administration')),
    -- What they know: an array of words.
    fields JSONB NOT NULL,
    senior BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX review_expert_owner_id_person_id ON review_expert (owner_id, person_id);

CREATE TABLE review_round (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    call_id TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    role TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('desk', 'live')),
    title_zh TEXT NOT NULL,
    title_en TEXT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'closed', 'confirmed')),
    -- Criteria, method, prizes and so on.
    setup JSONB NOT NULL,
    previous_id TEXT REFERENCES review_round (id),
    due_on TEXT,
    opened_at BIGINT,
    closed_at BIGINT,
    confirmed_at BIGINT,
    confirmed_name TEXT NOT NULL,
    published_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX review_round_number ON review_round (number);
CREATE INDEX review_round_owner ON review_round (owner_id, id);
CREATE INDEX review_round_call ON review_round (call_id, id);

CREATE TABLE review_panel (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES review_round (id),
    place BIGINT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT,
    track TEXT NOT NULL,
    track_group TEXT NOT NULL,
    chair_id TEXT,
    phase TEXT NOT NULL CHECK (phase IN ('waiting', 'pitch', 'questions', 'scoring', 'over')),
    current_id TEXT,
    -- The clock of a pitch.
    timer JSONB NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX review_panel_round_id_place ON review_panel (round_id, place);

CREATE TABLE review_seat (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES review_round (id),
    panel_id TEXT NOT NULL REFERENCES review_panel (id),
    person_id TEXT NOT NULL,
    name TEXT NOT NULL,
    institution TEXT NOT NULL,
    institution_id TEXT,
    fields JSONB NOT NULL,
    senior BOOLEAN NOT NULL,
    place BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('chosen', 'invited', 'accepted', 'declined', 'removed')),
    reason TEXT NOT NULL,
    invited_at BIGINT,
    answered_at BIGINT,
    -- SHA-256 of the commitments as they were signed.
    signed TEXT NOT NULL
);
CREATE UNIQUE INDEX review_seat_round_id_person_id ON review_seat (round_id, person_id);
CREATE INDEX review_seat_person ON review_seat (person_id, id);
CREATE INDEX review_seat_panel ON review_seat (panel_id, place);

CREATE TABLE review_entry (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES review_round (id),
    panel_id TEXT NOT NULL REFERENCES review_panel (id),
    application_id TEXT NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    applicant_kind TEXT NOT NULL,
    applicant_id TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    track TEXT NOT NULL,
    track_group TEXT NOT NULL,
    pitch BIGINT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'stage', 'scored', 'tallied', 'confirmed', 'absent')),
    -- The result as a decimal.
    score TEXT,
    place BIGINT,
    votes BIGINT,
    promoted BOOLEAN NOT NULL,
    tallied_name TEXT NOT NULL,
    confirmed_name TEXT NOT NULL,
    confirmed_at BIGINT,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX review_entry_round_id_application_id ON review_entry (round_id, application_id);
CREATE UNIQUE INDEX review_entry_round_id_code ON review_entry (round_id, code);
CREATE INDEX review_entry_panel ON review_entry (panel_id, code);
CREATE INDEX review_entry_application ON review_entry (application_id);
CREATE INDEX review_entry_applicant ON review_entry (applicant_id);

CREATE TABLE review_conflict (
    round_id TEXT NOT NULL REFERENCES review_round (id),
    person_id TEXT NOT NULL,
    application_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('own', 'organization', 'related', 'shared', 'declared', 'office')),
    detail TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (round_id, person_id, application_id)
);

CREATE TABLE review_pair (
    entry_id TEXT NOT NULL REFERENCES review_entry (id),
    seat_id TEXT NOT NULL REFERENCES review_seat (id),
    round_id TEXT NOT NULL REFERENCES review_round (id),
    chosen_by TEXT NOT NULL CHECK (chosen_by IN ('rule', 'hand', 'barred')),
    PRIMARY KEY (entry_id, seat_id)
);
CREATE INDEX review_pair_seat ON review_pair (seat_id, entry_id);
CREATE INDEX review_pair_round ON review_pair (round_id);

CREATE TABLE review_score (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES review_round (id),
    entry_id TEXT NOT NULL REFERENCES review_entry (id),
    seat_id TEXT NOT NULL REFERENCES review_seat (id),
    -- A decimal for each criterion, or null.
    marks JSONB NOT NULL,
    total TEXT,
    locked BOOLEAN NOT NULL,
    came_by TEXT NOT NULL CHECK (came_by IN ('screen', 'paper')),
    comment TEXT NOT NULL,
    note TEXT NOT NULL,
    -- What makes sending it twice one score.
    send_key TEXT NOT NULL,
    -- What nobody can guess; results carry it beside the score.
    salt TEXT NOT NULL,
    version BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,
    locked_at BIGINT
);
CREATE UNIQUE INDEX review_score_entry_id_seat_id ON review_score (entry_id, seat_id);
CREATE INDEX review_score_round ON review_score (round_id, seat_id);

CREATE TABLE review_change (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES review_round (id),
    entry_id TEXT NOT NULL REFERENCES review_entry (id),
    seat_id TEXT NOT NULL REFERENCES review_seat (id),
    before_total TEXT NOT NULL,
    reason TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX review_change_round ON review_change (round_id, id);

-- The first of two typings of a slip of paper.
CREATE TABLE review_slip (
    entry_id TEXT NOT NULL REFERENCES review_entry (id),
    seat_id TEXT NOT NULL REFERENCES review_seat (id),
    marks JSONB NOT NULL,
    account_id TEXT,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (entry_id, seat_id)
);

CREATE TABLE review_draw (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES review_round (id),
    panel_id TEXT NOT NULL REFERENCES review_panel (id),
    kind TEXT NOT NULL CHECK (kind IN ('order', 'experts')),
    method TEXT NOT NULL CHECK (method IN ('seed', 'paper')),
    commitment TEXT NOT NULL,
    secret TEXT NOT NULL,
    words TEXT NOT NULL,
    -- So many are drawn; 0 for all.
    most BIGINT NOT NULL,
    inputs JSONB NOT NULL,
    result JSONB NOT NULL,
    committed_at BIGINT NOT NULL,
    committed_name TEXT NOT NULL,
    drawn_at BIGINT,
    drawn_name TEXT NOT NULL,
    witness TEXT NOT NULL
);
CREATE INDEX review_draw_round ON review_draw (round_id, id);

-- What the supervisor confirmed; the newest counts.
CREATE TABLE review_result (
    id TEXT PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES review_round (id),
    statement TEXT NOT NULL,
    digest TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_name TEXT NOT NULL
);
CREATE INDEX review_result_round ON review_result (round_id, id);

-- Scores of visitors, which count for nothing.
CREATE TABLE review_guest (
    entry_id TEXT NOT NULL REFERENCES review_entry (id),
    guest TEXT NOT NULL,
    total TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (entry_id, guest)
);
