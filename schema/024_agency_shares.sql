-- What the platform lets one agency have of the server that is not what all have.
ALTER TABLE agencies ADD COLUMN requests_per_second BIGINT; -- NULL: as the operator has it for all
ALTER TABLE agencies ADD COLUMN queue_share SMALLINT NOT NULL DEFAULT 1; -- so many times the turns and places of others
