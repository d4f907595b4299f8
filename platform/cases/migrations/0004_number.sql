-- The last readable number given out, by prefix and year.
CREATE TABLE number_counter (
    prefix TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (prefix, year)
);
