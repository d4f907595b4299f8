-- People: what identifies them. An identity number is sealed; its blind index finds an equal one.
CREATE TABLE person (
    id TEXT PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT,
    name_key TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    headline_zh TEXT NOT NULL,
    headline_en TEXT,
    resident_sealed BYTEA,
    resident_blind TEXT,
    keeper_id TEXT REFERENCES organization (id),
    expert BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'deleted')),
    completeness BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX person_resident_blind ON person (resident_blind);
CREATE INDEX person_sort ON person (sort_key, id);
CREATE INDEX person_keeper ON person (keeper_id, sort_key, id);
CREATE INDEX person_name_key ON person (name_key);

-- What a person is at an organisation, and when: legal representative, staff, council member,
-- appointed expert.
CREATE TABLE affiliation (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    organization_id TEXT NOT NULL REFERENCES organization (id),
    kind TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT,
    letter TEXT,
    valid_from TEXT,
    valid_until TEXT,
    source TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX affiliation_person ON affiliation (person_id);
CREATE INDEX affiliation_organization ON affiliation (organization_id, kind, person_id);

-- Ways to reach a subject. What belongs to a person is sealed; what an organisation publishes is not.
CREATE TABLE contact_point (
    id TEXT PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    value TEXT,
    sealed BYTEA,
    blind TEXT,
    masked TEXT NOT NULL,
    shown BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    import_id TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX contact_point_subject ON contact_point (subject_kind, subject_id);
CREATE INDEX contact_point_blind ON contact_point (blind);
CREATE INDEX contact_point_import ON contact_point (import_id);

-- Consent, purpose by purpose; withdrawing ends it and what was done under it stays lawful.
CREATE TABLE consent (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    purpose TEXT NOT NULL,
    wording BIGINT NOT NULL,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX consent_person ON consent (person_id);
CREATE UNIQUE INDEX consent_open ON consent (person_id, purpose) WHERE withdrawn_at IS NULL;
