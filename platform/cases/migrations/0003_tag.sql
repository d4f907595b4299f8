-- Labels that an organisation puts on objects; each organisation has its own.
CREATE TABLE tag (
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (object_kind, object_id, owner_id, tag)
);
CREATE INDEX tag_owner ON tag (object_kind, owner_id, tag, object_id);
CREATE INDEX tag_tag ON tag (object_kind, tag, object_id);
