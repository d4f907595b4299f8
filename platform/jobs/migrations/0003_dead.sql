-- How many jobs were given up, by kind, without reading all that went well.
CREATE INDEX job_dead ON job (kind) WHERE state = 'dead';
