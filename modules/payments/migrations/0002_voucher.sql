-- The number of the voucher or the bank's slip, by which a payment that is sent twice is known again.
ALTER TABLE payment ADD COLUMN voucher TEXT NOT NULL DEFAULT '';
