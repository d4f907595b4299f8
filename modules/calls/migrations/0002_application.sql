-- Applications: who applies, what they typed field by field, what they handed in each time, who is in their team.
CREATE TABLE call_application (
    id TEXT PRIMARY KEY,
    call_id TEXT NOT NULL REFERENCES call (id),
    owner_id TEXT NOT NULL,
    number TEXT,
    applicant_kind TEXT NOT NULL CHECK (applicant_kind IN ('organization', 'person')),
    applicant_id TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    -- Which of the applicant's applications to the call it is; none once it is withdrawn, so that another may be begun.
    place BIGINT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'approved', 'rejected', 'withdrawn')),
    stage TEXT NOT NULL,
    handler_id TEXT,
    handler_name TEXT NOT NULL,
    track TEXT NOT NULL,
    track_group TEXT NOT NULL,
    form_version BIGINT NOT NULL,
    version BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,
    submitted_at BIGINT,
    digest TEXT NOT NULL,
    -- Which questions are open for correction, why, until when.
    returned JSONB,
    reason TEXT NOT NULL,
    -- In fen.
    granted BIGINT,
    begun_by TEXT,
    begun_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX call_application_number ON call_application (number);
CREATE UNIQUE INDEX call_application_call_id_applicant_kind_applicant_id_place
    ON call_application (call_id, applicant_kind, applicant_id, place);
CREATE INDEX call_application_applicant ON call_application (applicant_kind, applicant_id, id);
CREATE INDEX call_application_owner ON call_application (owner_id, state, id);
CREATE INDEX call_application_call ON call_application (call_id, state, id);

-- What was typed, as it was typed: a draft keeps also what cannot be read yet.
CREATE TABLE call_answer (
    application_id TEXT NOT NULL REFERENCES call_application (id),
    path TEXT NOT NULL,
    -- The texts; empty for a secret answer, which stands sealed.
    typed JSONB NOT NULL,
    sealed BYTEA,
    saved_at BIGINT NOT NULL,
    saved_name TEXT NOT NULL,
    PRIMARY KEY (application_id, path)
);

-- What was handed in, each time, in the form that the digest is over; secret answers stand in it masked.
CREATE TABLE call_submission (
    application_id TEXT NOT NULL REFERENCES call_application (id),
    round BIGINT NOT NULL,
    document TEXT NOT NULL,
    digest TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    submitted_name TEXT NOT NULL,
    PRIMARY KEY (application_id, round)
);

CREATE TABLE call_member (
    application_id TEXT NOT NULL REFERENCES call_application (id),
    person_id TEXT NOT NULL,
    name TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('leader', 'member', 'adviser', 'handler')),
    added_at BIGINT NOT NULL,
    PRIMARY KEY (application_id, person_id)
);
CREATE INDEX call_member_person ON call_member (person_id, application_id);
