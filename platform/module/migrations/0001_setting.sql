-- What an instance says of itself: operator, filings, the portal's story.
CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value JSONB NOT NULL,
    updated_at BIGINT NOT NULL
);
