-- Circulars (通知): what an office tells organisations, who has read it and who has answered what (回执, 填报).
CREATE TABLE circular (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    asks TEXT NOT NULL CHECK (asks IN ('reading', 'receipt', 'answers', 'facts')),
    -- A list of questions; for facts, their keys with the year.
    questions JSONB NOT NULL,
    due_on TEXT,
    by_sms BOOLEAN NOT NULL,
    by_mail BOOLEAN NOT NULL,
    -- To whom, in words of the day it was sent.
    audience TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sent', 'closed')),
    created_by TEXT,
    sent_at BIGINT NOT NULL,
    sent_name TEXT NOT NULL,
    reminded_at BIGINT,
    closed_at BIGINT
);
CREATE UNIQUE INDEX circular_number ON circular (number);
CREATE INDEX circular_owner ON circular (owner_id, id);

CREATE TABLE circular_recipient (
    circular_id TEXT NOT NULL REFERENCES circular (id),
    organization_id TEXT NOT NULL,
    -- The name it had, by which lists are sorted.
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    -- How many people were told; nobody where nobody acts for it.
    told BIGINT NOT NULL,
    read_at BIGINT,
    read_name TEXT NOT NULL,
    answered_at BIGINT,
    answered_by TEXT,
    answered_name TEXT NOT NULL,
    -- Written down by the office itself, as it was told by telephone.
    by_office BOOLEAN NOT NULL,
    -- An object of the answers by the questions' keys.
    answers JSONB NOT NULL,
    version BIGINT NOT NULL,
    reminders BIGINT NOT NULL,
    PRIMARY KEY (circular_id, organization_id)
);
CREATE INDEX circular_recipient_name ON circular_recipient (circular_id, name_key, organization_id);
CREATE INDEX circular_recipient_organization ON circular_recipient (organization_id, circular_id);
