-- How far a job ever came: one that comes further at each attempt is not given up, however often its
-- process ends under it.
ALTER TABLE job ADD COLUMN best_steps BIGINT NOT NULL DEFAULT 0;
