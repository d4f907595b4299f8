-- On what a call rests, as `kind/identifier`: the calls of a policy are found by it. What it is called stands in the set-up.
ALTER TABLE call ADD COLUMN basis TEXT;
CREATE INDEX call_basis ON call (basis, id);
