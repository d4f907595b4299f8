-- Archives of whole cases: the index that the record names, and the page for people, as they were made.
CREATE TABLE call_archive (
    application_id TEXT NOT NULL REFERENCES call_application (id),
    digest TEXT NOT NULL,
    number TEXT NOT NULL,
    index_text TEXT NOT NULL,
    page TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_name TEXT NOT NULL,
    PRIMARY KEY (application_id, digest)
);
