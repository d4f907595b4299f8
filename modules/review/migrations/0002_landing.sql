-- What became of a prized project; what it was before is in the record.
CREATE TABLE review_landing (
    entry_id TEXT PRIMARY KEY REFERENCES review_entry (id),
    state TEXT NOT NULL CHECK (state IN ('talks', 'signed', 'registered', 'operating', 'dropped')),
    on_day TEXT NOT NULL,
    note TEXT NOT NULL,
    next_on TEXT,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL
);
