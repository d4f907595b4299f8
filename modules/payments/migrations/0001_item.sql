-- What is owed or granted (款项), when which part is due, and what was paid of it (付款记录).
CREATE TABLE payment_item (
    id TEXT PRIMARY KEY,
    -- The identifier until the transaction that makes it asks for its number, which is the last thing it does.
    number TEXT NOT NULL,
    -- Whose books these are.
    owner_id TEXT NOT NULL,
    -- The role that keeps them there.
    keeper TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('out', 'in')),
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('organization', 'person')),
    subject_id TEXT NOT NULL,
    -- The name it had on that day.
    subject_name TEXT NOT NULL,
    title TEXT NOT NULL,
    -- What it is owed for: something of another module, and its page.
    reason_kind TEXT,
    reason_id TEXT,
    reason_link TEXT NOT NULL,
    -- The clause of a policy under which it is a receipt.
    benefit TEXT,
    granted_on TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    paid BIGINT NOT NULL CHECK (paid >= 0 AND paid <= amount),
    -- A list of who bears how much; empty where it is not split.
    payers JSONB NOT NULL,
    -- The day of the first instalment that is not paid in full.
    due_on TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'paid', 'cancelled')),
    -- Why it was cancelled.
    why TEXT NOT NULL,
    -- For the office only.
    note TEXT NOT NULL,
    -- What makes owing the same twice one item.
    dedup TEXT,
    created_by TEXT,
    created_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX payment_item_number ON payment_item (number);
CREATE UNIQUE INDEX payment_item_owner_id_dedup ON payment_item (owner_id, dedup);
CREATE INDEX payment_item_owner ON payment_item (owner_id, id);
CREATE INDEX payment_item_due ON payment_item (owner_id, state, COALESCE(due_on, '9999-12-31'), id);
CREATE INDEX payment_item_subject ON payment_item (subject_id, id);

CREATE TABLE payment_instalment (
    item_id TEXT NOT NULL REFERENCES payment_item (id),
    place BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    -- The sum of those before it: payments fill instalments in their order.
    before_amount BIGINT NOT NULL,
    due_on TEXT,
    condition TEXT NOT NULL,
    PRIMARY KEY (item_id, place)
);

CREATE TABLE payment (
    id TEXT PRIMARY KEY,
    item_id TEXT NOT NULL REFERENCES payment_item (id),
    paid_on TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    payer TEXT NOT NULL,
    -- For the office only.
    note TEXT NOT NULL,
    recorded_by TEXT,
    recorded_name TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    reversed_at BIGINT,
    reversed_name TEXT NOT NULL,
    reversed_why TEXT NOT NULL
);
CREATE INDEX payment_of_item ON payment (item_id, id);
