-- Keys of requests that must happen once: the key commits with the change it belongs to, the answer
-- is added after, so that a retry gets it again.
CREATE TABLE once_key (
    key TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    status BIGINT,
    headers JSONB,
    body BYTEA
);
CREATE INDEX once_key_at ON once_key (at);
