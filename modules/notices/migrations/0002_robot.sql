-- Robots of group chats (群机器人), and what was handed to them.
CREATE TABLE robot (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('wecom', 'dingtalk', 'feishu')),
    name TEXT NOT NULL,
    -- The last signs of its address; the address and the secret are sealed.
    hint TEXT NOT NULL,
    address_sealed BYTEA NOT NULL,
    secret_sealed BYTEA,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX robot_owner_id_name ON robot (owner_id, name) WHERE removed_at IS NULL;

CREATE TABLE robot_delivery (
    id TEXT PRIMARY KEY,
    robot_id TEXT NOT NULL REFERENCES robot (id),
    circular_id TEXT,
    text TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'refused', 'failed')),
    attempts BIGINT NOT NULL,
    -- What was answered last.
    answer TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When it was handed over last.
    tried_at BIGINT
);
CREATE INDEX robot_delivery_robot ON robot_delivery (robot_id, id);
CREATE INDEX robot_delivery_tried ON robot_delivery (robot_id, tried_at);
CREATE INDEX robot_delivery_circular ON robot_delivery (circular_id) WHERE circular_id IS NOT NULL;
